import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { SessionReport } from '../../src/report/contract.js'
import { safeJson } from '../../src/report/json/safe-json.js'
import { jsonAfterId } from '../../src/report/json/session-json.js'
import { cases, check } from '../property/check.js'

interface Schema {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  pattern?: string
  required?: string[]
  properties?: Record<string, Schema>
  anyOf?: Schema[]
  items?: Schema
  $ref?: string
  minimum?: number
  definitions?: Record<string, Schema>
}

const schema = JSON.parse(readFileSync(new URL('../../src/report/schema.json', import.meta.url), 'utf8')) as Schema

/** Values of a part of the schema: enumerated words and times as they are, any other text as hostile as it can be. */
function valueOf(of: Schema): fc.Arbitrary<unknown> {
  const { type, $ref, anyOf, properties, items, pattern, minimum } = of
  if ($ref === '#/definitions/time') return fc.constant('2024-01-01T00:00:00.123456Z')
  if ($ref !== undefined) return valueOf(schema.definitions![$ref.replace('#/definitions/', '')]!)
  if (anyOf) return fc.oneof(...anyOf.map(valueOf))
  if (of.enum) return fc.constantFrom(...of.enum)
  if ('const' in of) return fc.constant(of.const)
  if (Array.isArray(type)) return fc.oneof(...type.map((each) => valueOf({ ...of, type: each })))
  if (type === 'null') return fc.constant(null)
  if (type === 'object' && properties) {
    const members = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, valueOf(each)]))
    return fc.record(members, { requiredKeys: of.required ?? [] })
  }
  if (type === 'array' && items) return fc.array(valueOf(items), { maxLength: 3 })
  if (type === 'integer') return fc.integer({ min: minimum ?? -10 })
  if (type === 'number') return fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1e7 })
  if (type === 'boolean') return fc.boolean()
  if (type === 'object') return fc.constant({ kind: 'any' })
  return pattern === undefined ? fc.string({ unit: 'binary' }) : fc.stringMatching(new RegExp(pattern, 'u'))
}

const written = ({ id, ...rest }: SessionReport) => `{"id":${id}${jsonAfterId({ id, ...rest })}`

it('the JSON of a session has every member that the schema knows, whatever their values', () => {
  const sessions = valueOf(schema.definitions!['session']!) as fc.Arbitrary<SessionReport>
  check(
    fc.property(sessions, (session) => {
      const text = written(session)
      const value = JSON.parse(text) as SessionReport
      expect(value).toEqual(JSON.parse(JSON.stringify(session)))
      expect(text).toBe(safeJson(value))
    }),
    cases(200, 5000),
  )
})
