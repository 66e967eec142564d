import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/report/contract.js'
import { DEFAULT_OPTIONS } from '../../src/report/format.js'
import { pageReport } from '../../src/report/page/report.js'
import { embedded } from '../../src/report/page/embed.js'
import { pageTemplate } from '../../src/report/page/template.js'
import { loadAnalysis } from '../../src/web/model/load.js'
import { analyzeFile } from '../support/analyze-file.js'
import { captures } from '../support/captures.js'
import { analysis, failingSession, HOSTILE, hostileSession, session } from './fixtures.js'

const template = pageTemplate({
  policy: "default-src 'none'",
  style: 'a{}',
  script: 'f()',
  worker: 'AA==',
  licences: '',
})

/** Markup that would run if any of it were interpreted. */
const MARKUP = '</script><script>alert(1)</script>"><img src=x onerror=alert(2)><!--'

function written(value: Analysis): string {
  return [...pageReport(template)(DEFAULT_OPTIONS).end(value)].join('')
}

/** The element that contains the analysis: its type and its text. */
function carried(html: string): { type: string; text: string } {
  const match = /<script type="([^"]+)" id="ftpscope-analysis">([^<]*)<\/script>/.exec(html)
  expect(match).not.toBeNull()
  return { type: match![1]!, text: match![2]! }
}

describe('the html report', () => {
  it('contains the pages that explain its findings, and no others', () => {
    const asked: string[] = []
    const explanation = (id: string): string => {
      asked.push(id)
      return `# ${id} </script>`
    }
    const value = analysis([failingSession(), session({ id: 2 }), failingSession({ id: 3 })])
    const html = [...pageReport(template, explanation)(DEFAULT_OPTIONS).end(value)].join('')
    const text = /<script type="application\/json" id="ftpscope-explanations">([^<]*)<\/script>/.exec(html)![1]!
    const ids = [...new Set(value.sessions.flatMap(({ findings }) => findings.map(({ id }) => id)))].sort()
    expect(asked).toEqual(ids)
    expect(JSON.parse(text)).toEqual(Object.fromEntries(ids.map((id) => [id, `# ${id} </script>`])))
  })

  it('contains none where there is no finding', () => {
    const html = [...pageReport(template, () => '#')(DEFAULT_OPTIONS).end(analysis([session()]))].join('')
    expect(html).not.toContain('ftpscope-explanations')
  })

  it('contains the analysis as JSON that is not executed', async () => {
    const value = analysis([failingSession(), session({ id: 2 })])
    const { type, text } = carried(written(value))
    expect(type).toBe('application/json')
    expect(JSON.parse(text)).toEqual(value)
    expect(await loadAnalysis(text, type)).toEqual(value)
  })

  it('contains no markup from the wire, but all of its text', () => {
    const hostile = { ...hostileSession(), user: MARKUP, serverSoftware: HOSTILE }
    const html = written(analysis([hostile]))
    expect(html.match(/<script/g)).toHaveLength(template.match(/<script/g)!.length + 1)
    expect(html).not.toContain('<img')
    expect((JSON.parse(carried(html).text) as Analysis).sessions[0]!.user).toBe(MARKUP)
  })

  it('contains a long analysis compressed, one JSON value per line', async () => {
    const value = analysis(
      Array.from({ length: 300 }, (_, at) => failingSession({ id: at + 1, user: `${MARKUP}${at}` })),
    )
    const html = [...embedded(value, 1000)].join('')
    const { type, text } = carried(html)
    expect(type).toBe('application/octet-stream')
    expect(text.length).toBeLessThan(JSON.stringify(value).length / 5)
    const lines = gunzipSync(Buffer.from(text, 'base64')).toString('utf8').trimEnd().split('\n')
    expect(lines).toHaveLength(301)
    const loaded = await loadAnalysis(text, type)
    expect(loaded).toEqual(value)
    expect(Object.keys(loaded)).toEqual(Object.keys(value))
  })

  it('rejects a template without a slot for the analysis', () => {
    expect(() => pageReport('<html></html>')).toThrow('no slot for the analysis')
  })
})

it('every sample can be read back from its page unchanged', () => {
  for (const path of captures()) {
    const value = analyzeFile(path)
    const { type, text } = carried([...embedded(value, Infinity)].join(''))
    expect(type, path).toBe('application/json')
    expect(JSON.stringify(JSON.parse(text)) === JSON.stringify(value), path).toBe(true)
  }
})
