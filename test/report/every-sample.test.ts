import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { Ajv } from 'ajv'
import { expect, it } from 'vitest'
import { analyzeFile } from '../support/analyze-file.js'
import { captures, ROOT } from '../support/captures.js'

const schema = JSON.parse(readFileSync(new URL('../../src/report/schema.json', import.meta.url), 'utf8')) as object
const validate = new Ajv({ allErrors: true }).compile(schema)

it.each(captures().map((path) => [relative(ROOT, path), path] as const))(
  '%s: its JSON conforms to the schema',
  (_, path) => {
    validate(JSON.parse(JSON.stringify(analyzeFile(path))))
    expect(validate.errors).toBeNull()
  },
)
