import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FIELDS } from '../../../src/report/choose/fields.js'
import { ExpressionError } from '../../../src/report/choose/parse.js'
import { where } from '../../../src/report/choose/where.js'
import { timeZone } from '../../../src/report/time-zone.js'
import { asked } from '../../../src/web/model/selection.js'
import { ROOT } from '../../support/captures.js'
import { channel, failingSession, session } from '../fixtures.js'

const bob = session({
  id: 2,
  user: 'bob',
  client: { address: '2001:db8::7', port: 40_000, name: 'laptop.example' },
  start: '2026-03-01T23:30:00Z',
  end: '2026-03-02T00:10:00Z',
  durationMs: 2_400_000,
  dataChannels: [
    channel(),
    channel({ id: 2, transfer: { ...channel().transfer!, absolutePath: '/pub/In Voice.CSV' } }),
  ],
})
const alice = failingSession()

describe('an expression', () => {
  it.each([
    ['user = bob', [bob]],
    ['user != bob', [alice]],
    ['USER = BO?', [bob]],
    ['user = a*, b*', [alice, bob]],
    ['outcome = failed', [alice]],
    ['not outcome = failed', [bob]],
    ['not (user = bob or user = alice)', []],
    ['user = bob or outcome = failed and user = nobody', [bob]],
    ['(user = bob or outcome = failed) user = alice', [alice]],
    ['client = 10.1.0.0/16', [alice]],
    ['client = 2001:DB8::/32', [bob]],
    ['client = 2001:0db8:0::7', [bob]],
    ['client = "[2001:db8::7]:40000"', [bob]],
    ['client = *.example', [bob]],
    ['server = 203.0.113.20:21', [alice, bob]],
    ['port > 21', []],
    ['file = *.csv', [bob]],
    ['file = "in voice.csv"', [bob]],
    ['file = /pub/*', [bob]],
    ['file ~ voice', [bob]],
    ['file !~ voice', [alice]],
    ['command = quit', [alice, bob]],
    ['reply = 230', [alice, bob]],
    ['bytes >= 8192', [bob]],
    ['bytes > 8kiB', []],
    ['bytes > 8kB', [bob]],
    ['duration > 5min', [bob]],
    ['login-time < 1s', [alice, bob]],
    ['start >= 2026-03-01T23:00', [bob]],
    ['end < 2026-03-02', [alice]],
    ['finding = passive-*', [alice]],
    ['cause != passive-private-address', [bob]],
    ['', [alice, bob]],
    ['bob', [bob]],
    ['"private address"', [alice]],
    ['laptop and bob', [bob]],
    ['not laptop', [alice]],
  ] as const)('%s', (text, chosen) => {
    expect([alice, bob].filter(where(text))).toEqual(chosen)
    expect([alice, bob].filter(asked(text).chooses)).toEqual(chosen)
  })

  it('has times in the zone that is asked for', () => {
    const chooses = where('start >= 2026-03-02', timeZone('Europe/Berlin'))
    expect([alice, bob].filter(chooses)).toEqual([bob])
  })

  it.each([
    ['sservers = bob', 'Unknown field "sservers"; did you mean server?', 0],
    ['user =', 'Expected a value instead of the end', 6],
    ['(user = bob', 'A closing parenthesis is missing', 0],
    ['user = bob)', 'Expected a word, a comparison or a parenthesis instead of ")"', 10],
    ['user = "bob', 'A closing quotation mark is missing', 6],
    ['bytes > many', '"many" is not a size, as in 500, 20kB, 1.5MB or 4GiB', 0],
    ['duration > 5', '"5" is not a duration with its unit, as in 200ms, 5s, 3min or 2h', 0],
    ['start > yesterday', '"yesterday" is not a date, as in 2026-03-01 or 2026-03-01T02:13', 0],
    ['user > bob', '">" compares numbers, sizes and times, not names: use =, !=, ~ or !~', 0],
    ['client = 10.0.0.0/33', '"10.0.0.0/33" is not a network, as in 10.0.0.0/8', 0],
    ['('.repeat(200) + 'a', 'The expression is nested too deeply', 100],
  ])('%s is not one', (text, message, at) => {
    const error = (() => {
      try {
        where(text)
      } catch (thrown) {
        return thrown
      }
      return null
    })()
    expect(error).toBeInstanceOf(ExpressionError)
    expect(error).toMatchObject({ message, at })
    // The page looks for its words.
    expect(asked(text).problem).toBe(message)
  })

  it('compares patterns with many stars in time', () => {
    const long = session({ user: 'a'.repeat(20_000) })
    expect(where(`user = "${'*a'.repeat(50)}*b"`)(long)).toBe(false)
  })

  it('has its fields in docs/CHOOSE.md', () => {
    const page = readFileSync(join(ROOT, 'docs/CHOOSE.md'), 'utf8')
    const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| .* \| (\w+) +\|$/gm)].map(([, name, kind]) => [name, kind])
    const kinds = Object.entries(FIELDS).map(([name, { kind }]) => [name, kind === 'bytes' ? 'size' : kind])
    expect(rows).toEqual(kinds)
  })
})
