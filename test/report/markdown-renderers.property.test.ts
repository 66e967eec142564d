/** What renderers make of a report does not depend on the names in it: no element but the report's own appears. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printableText } from '../../src/report/text/printable.js'
import type { Analysis } from '../../src/report/contract.js'
import { DEFAULT_OPTIONS } from '../../src/report/format.js'
import { markdownReport } from '../../src/report/markdown/report.js'
import { cases, check as checkProperty } from '../property/check.js'
import { analysis, failingSession, hostileSession } from './fixtures.js'
import { elements, RENDERERS, textOf } from './markdown-renderers.js'

/** What has a fixed set of values, or is made of digits: never from the wire. */
const FIXED: ReadonlySet<string> = new Set([
  ...['schema', 'id', 'cause', 'outcome', 'confidence', 'severity', 'side', 'state', 'closedBy', 'login', 'security'],
  ...['start', 'end', 'time', 'format', 'compression', 'at', 'vantage', 'mode', 'verb', 'match', 'direction', 'kind'],
  ...['representation', 'from', 'to', 'middlebox', 'communityId', 'rivals', 'channel', 'proves'],
])

/** A copy in which every text that may come from outside, or quote what does, is another one. */
function replaced<T>(value: T, text: string, key = ''): T {
  if (key === 'tool') return value
  if (typeof value === 'string') return (FIXED.has(key) ? value : text) as T
  if (Array.isArray(value)) return value.map((item: unknown) => replaced(item, text, key)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, replaced<unknown>(item, text, name)]),
  ) as T
}

function everywhere(text: string): Analysis {
  const sessions = [hostileSession('x'), failingSession({ id: 4 })]
  const whole = analysis(sessions, { findings: hostileSession('x').findings })
  whole.capture.anomalies.push({ kind: 'x', count: 1, firstFrame: null, message: 'x' })
  whole.summary.credentialsExposed.push({
    user: 'x',
    server: { address: 'x', port: 21 },
    sessions: 1,
    firstFrame: 4,
    accepted: true,
  })
  return replaced(whole, text)
}

function report(text: string, chosen: boolean): string {
  const options = { ...DEFAULT_OPTIONS, chosen: chosen ? new Set([3, 4]) : null }
  return [...markdownReport(options).end(everywhere(text))].join('')
}

const PIECES = [
  ...['\\', '|', '\\|', '\\\\|', '`', '``', '`|`', ' ', '  ', '\t', '\n', '\r\n', '\u00a0', '\u2028', 'a', 'é', '漢'],
  ...[
    '<img src=x onerror=alert(1)>',
    '<!--',
    '<a href="x">',
    '</code>',
    '<script>',
    '<https://a.example>',
    '<a@b.com>',
  ],
  ...[
    '[a](javascript:b)',
    '![a](b)',
    '[a]',
    '[a]: /b',
    '[^1]',
    '[^1]: note',
    '[ ] ',
    '- [x] ',
    '* ',
    '+ ',
    '1. ',
    '2) ',
  ],
  ...['---', '===', '***', '# ', '> ', '~~', '~', '**', '_', '__', '```', '~~~', ':-:', '|---|', '| a | b |'],
  ...[
    'http://a.com',
    'https://a.example/b',
    'ftp://a.com',
    'www.a.com',
    'xwww.a.com',
    '"www.a.com',
    'a.com',
    'a@b.com',
  ],
  ...[
    'mailto:a@b.com',
    'xmpp:a@b.com',
    '例え.コム',
    '&#124;',
    '&lt;',
    '&amp;',
    '&copy',
    '@a',
    '#1',
    '$a$',
    ':tada:',
    '\u200b',
  ],
]

/** Blanks at the ends and runs of them are shown as one or none. */
const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim()

describe.each(Object.entries(RENDERERS))('%s', (_name, render) => {
  const plain = [false, true].map((chosen) => elements(render(report('x', chosen))))

  const check = (text: string) => {
    for (const chosen of [false, true]) {
      const html = render(report(text, chosen))
      expect(elements(html)).toEqual(plain[Number(chosen)])
      const shown = squeezed(printableText(text))
      expect(squeezed(textOf(html))).toContain(shown)
    }
  }

  it('finds the elements of the report', () => {
    const [all] = plain
    for (const tag of ['h1', 'h2', 'p', 'table', 'th', 'td', 'ul', 'li', 'strong', 'pre']) expect(all).toContain(tag)
  })

  it('shows markup as text, whatever is around it', () => {
    for (let at = 0; at < PIECES.length; at += 8) check(PIECES.slice(at, at + 8).join('x\\|y'))
    for (const piece of PIECES.slice(0, cases(0, PIECES.length))) {
      for (const text of [`x${piece}y`, piece, `${piece} ${piece}`, `x ${piece} y`, `\`${piece}\``]) {
        if (text.trim() !== '') check(text)
      }
    }
  })

  it('shows any text as text', () => {
    const text = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''))
    checkProperty(
      fc.property(text, (value) => {
        fc.pre(value.trim() !== '')
        check(value)
      }),
      cases(5, 400),
    )
  })
})
