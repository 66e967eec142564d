import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { Ajv } from 'ajv'
import { expect, it } from 'vitest'
import { safeJson } from '../../src/report/json/safe-json.js'
import { jsonAfterId } from '../../src/report/json/session-json.js'
import { analyzeFile } from '../support/analyze-file.js'
import { captures, ROOT } from '../support/captures.js'

const schema = JSON.parse(readFileSync(new URL('../../src/report/schema.json', import.meta.url), 'utf8')) as object
const validate = new Ajv({ allErrors: true }).compile(schema)

it.each(captures().map((path) => [relative(ROOT, path), path] as const))(
  '%s: its JSON conforms to the schema, and is that of JSON.stringify byte by byte',
  (_, path) => {
    const analysis = analyzeFile(path)
    validate(JSON.parse(JSON.stringify(analysis)))
    expect(validate.errors).toBeNull()
    for (const session of analysis.sessions) {
      expect(`{"id":${session.id}${jsonAfterId(session)}`).toBe(safeJson(session))
    }
  },
)
