/** The schema that the package ships, and what the program reads. */
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { KEYS } from '../../../src/cli/config/keys.js'
import { optionsOf } from '../../../src/cli/config/read-config.js'
import { CommandError } from '../../../src/cli/errors.js'
import { FAIL_ON } from '../../../src/cli/options.js'
import { codeBlocks, documentText } from '../../readme/documents.js'

const schema = JSON.parse(
  readFileSync(new URL('../../../src/cli/config/config-schema.json', import.meta.url), 'utf8'),
) as { properties: Record<string, object>; definitions: { failOn: { enum: string[] } } }
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)

const FILE = { path: 'ftpscope.config.json', given: true }

function isRead(value: unknown): boolean {
  try {
    optionsOf(value, FILE)
    return true
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return false
  }
}

const KEY_NAMES = Object.keys(KEYS) as (keyof typeof KEYS)[]
/** A value of each key, of the kind that both take. */
const VALUES: Record<keyof typeof KEYS, unknown> = {
  ports: [21, 2100],
  hosts: ['203.0.113.20', '2001:db8::1'],
  ignore: ['cleartext-credentials'],
  names: { '203.0.113.20': 'ftp.example' },
  timeZone: 'Europe/Berlin',
  failOn: ['failed', 'error'],
  keylog: ['keys.log'],
  privateKey: 'server.pem',
  maxConnections: 1000,
  maxSessions: 10,
  jobs: 2,
}

describe('config-schema.json', () => {
  it('has the keys that the program reads, and their words', () => {
    expect(Object.keys(schema.properties)).toEqual(['$schema', ...KEY_NAMES])
    expect(schema.definitions.failOn.enum).toEqual(FAIL_ON)
  })

  it('accepts the examples of docs/CONFIG.md, which say the same, and which has all keys', () => {
    const page = documentText('docs/CONFIG.md')
    const [yaml, json] = codeBlocks(page).map(({ language, text }): unknown =>
      language === 'yaml' ? parse(text) : JSON.parse(text),
    )
    expect([validate(yaml), validate(json)]).toEqual([true, true])
    expect({ ...(yaml as object), $schema: './node_modules/ftpscope/dist/config-schema.json' }).toEqual(json)
    expect([isRead(yaml), isRead(json)]).toEqual([true, true])
    expect([...page.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1])).toEqual(KEY_NAMES)
  })

  it('accepts what the program reads', () => {
    const whole = { $schema: './node_modules/ftpscope/dist/config-schema.json', ...VALUES }
    expect([validate(whole), isRead(whole)]).toEqual([true, true])
    for (const [key, value] of Object.entries(VALUES)) expect([key, validate({ [key]: value })]).toEqual([key, true])
  })

  it('accepts every value that the program reads, and of another kind none that it refuses', () => {
    const scalar = fc.oneof(
      fc.constantFrom(...Object.values(VALUES).flat()),
      fc.constantFrom('', ' ', 0, 1, -1, 1.5, 65535, 65536, 1e15, 1e15 - 1, true, null),
      fc.jsonValue({ maxDepth: 1 }),
    )
    const value = fc.oneof(
      scalar,
      fc.array(scalar, { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('10.0.0.1', 'ftp'), scalar, { maxKeys: 2 }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...KEY_NAMES, 'port'), value, (key, given) => {
        const file = { [key]: given }
        if (isRead(file)) expect(validate(file)).toBe(true)
        // Numbers and words of a list are all that the schema knows; addresses, ids and zones are looked up.
        else if (
          ['ports', 'failOn', 'keylog', 'privateKey', 'maxConnections', 'maxSessions', 'jobs', 'port'].includes(key)
        )
          expect(validate(file)).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })
})
