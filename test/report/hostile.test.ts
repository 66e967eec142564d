/** Names from the wire are inert in every format: one row per kind of attack, one line per format. */
import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/report/contract.js'
import { DEFAULT_OPTIONS, ROW_KINDS, type ReportOptions } from '../../src/report/format.js'
import { FORMATS, type FormatName } from '../../src/report/formats.js'
import { parseCsv } from './parse-csv.js'
import { markdownText } from './markdown-text.js'
import { analysis, hostileSession } from './fixtures.js'

/** What to send, by what it attacks. */
const HOSTILE_NAMES: Record<string, string> = {
  'a script': '<script>alert(1)</script>',
  'an image that fails': '"><img src=x onerror=alert(1)>',
  'an entity': '&lt;b&gt; &#64;all',
  'right to left': 'invoice\u202efdp.exe \u2067\u200f\u061c',
  'escape sequences': '\u001b[2J\u001b]0;owned\u0007\u009b31m\u001b[31m',
  'control characters': 'a\u0000\u0008\u007f\u0085\u2028b',
  'line breaks': 'alice\r\n200 forged\n# forged\n| forged |\n```\n',
  'zero width': 'ad\u200bmin\u200d\u2060\ufeff\u00ad\u{e0041}',
  'lone surrogates': 'half\ud83d \udc00half',
  'bytes that are not UTF-8': 'caf\\xe9 \\xff\\xfe',
  'a very long name': 'x'.repeat(400_000),
  Markdown: '[click](javascript:alert(1)) ![x](http://evil.example/p.png) **b** _i_ ~~s~~ `code` ``` | cell | \\',
  'mentions and references':
    '@everyone #17 !42 $7 %9 GH-1 org/repo#2 :tada: http://evil.example www.evil.example a@evil.example',
  'a Markdown block': '- item',
  'a formula': '=HYPERLINK("http://evil.example","x")',
  'another formula': '+1+1;=2+2',
  'a formula after spaces': ' \t@SUM(A1)',
  'a full-width formula': '\uff1d1+1',
  'a quote': 'say "no", then\'stop\'',
}

/**
 * Characters that a terminal, an editor or a browser interprets or hides, except line breaks of a report's own layout.
 */
const OBEYED = /(?![\r\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

/** A session in which every text that can come from outside is `name`, and a capture whose file has the same name. */
function hostileAnalysis(name: string): Analysis {
  const value = analysis([hostileSession(name)], { findings: hostileSession(name).findings })
  value.capture.files[0]!.path = name
  value.capture.anomalies.push({ kind: 'x', count: 1, firstFrame: null, message: name })
  return value
}

type Check = (report: string, name: string, value: Analysis, options: Partial<ReportOptions>) => void

const CHECKS: Record<FormatName, Check> = {
  text: (report) => {
    expect(report).not.toMatch(/^(?:200|#|\|) forged/m)
  },
  json: (report, _name, value) => {
    expect(JSON.parse(report)).toEqual(value)
  },
  ndjson: (report, _name, value) => {
    const [session, capture] = report
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(session).toEqual({ type: 'session', ...value.sessions[0] })
    expect(capture).toMatchObject({ type: 'capture', findings: value.findings })
  },
  html: (report) => {
    const [, text = ''] = /^<html><script [^>]*>([^<]*)<\/script><\/html>$/.exec(report) ?? []
    expect(text.length).toBeGreaterThan(100)
  },
  markdown: (report) => {
    const { text, code } = markdownText(report)
    expect(code.length).toBeGreaterThan(10)
    // Outside of code nothing is left that any dialect interprets, but the entity of a pipe within a table.
    expect(text.replaceAll('&#124;', '')).not.toMatch(/[<>&@`\\_~[\]{}]|:\/\/|\bwww\.|[#!$%]\d|:[a-z]+:|^#+ forged/m)
  },
  csv: (report, _name, value, { rows }) => {
    const [head, ...lines] = parseCsv(report)
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) {
      expect(line).toHaveLength(head!.length)
      for (const cell of line) expect(cell).not.toMatch(/(?:^|;)\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/)
    }
    if (rows === 'sessions') expect(lines).toHaveLength(value.sessions.length)
  },
}

/** Stands in for the page. */
const TEMPLATE = '<html><template id="ftpscope-slot"></template></html>'
const ASSETS = { page: () => Promise.resolve(TEMPLATE), utf8: new TextEncoder() }

const CASES: { format: FormatName; options: Partial<ReportOptions> }[] = [
  { format: 'text', options: { chosen: new Set([3]) } },
  { format: 'text', options: {} },
  { format: 'json', options: {} },
  { format: 'ndjson', options: {} },
  { format: 'html', options: {} },
  { format: 'markdown', options: { chosen: new Set([3]) } },
  { format: 'markdown', options: {} },
  ...ROW_KINDS.map((rows) => ({ format: 'csv' as const, options: { rows } })),
]

describe.each(CASES)('$format with $options', ({ format, options }) => {
  it.each(Object.entries(HOSTILE_NAMES))('makes %s inert', async (_what, name) => {
    const value = hostileAnalysis(name)
    const made = await FORMATS[format](ASSETS)
    const written = [...made({ ...DEFAULT_OPTIONS, ...options }).end(value)].join('')
    expect(OBEYED.exec(written)?.[0]).toBeUndefined()
    CHECKS[format](written, name, value, options)
    // Formats for programs keep every byte, those for people are truncated.
    if (!['json', 'ndjson', 'html'].includes(format)) expect(written.length).toBeLessThan(300_000)
    expect(written.length).toBeGreaterThan(100)
  })
})

it('covers every format', () => {
  expect([...new Set(CASES.map(({ format }) => format))].sort()).toEqual(Object.keys(FORMATS).sort())
})
