import fc from 'fast-check'
import { describe, it } from 'vitest'
import { Analyzer, type Analysis } from '../../src/index.js'
import { ROW_KINDS, DEFAULT_OPTIONS } from '../../src/report/format.js'
import { FORMAT_NAMES, FORMATS } from '../../src/report/formats.js'
import { firewallRules } from '../../src/report/firewall/firewall-rules.js'
import { DIALECTS } from '../../src/report/firewall/options.js'
import { pageTemplate } from '../../src/report/page/template.js'
import { cases, checkAsync } from './check.js'
import { type Plan, plansFor, playOut, secretPairs } from './secret-dialogues.js'

const page = pageTemplate({ policy: '', style: '', script: '', worker: '', licences: '' })

/** Everything that the program can say about a capture. */
async function reports(capture: Uint8Array): Promise<string> {
  const analyzer = new Analyzer()
  analyzer.openFile('scene.pcap')
  analyzer.push(capture)
  analyzer.closeFile()
  const analysis: Analysis = analyzer.end()
  const texts: string[] = []
  for (const name of FORMAT_NAMES) {
    const format = await FORMATS[name]({ page: () => Promise.resolve(page), utf8: new TextEncoder() })
    for (const rows of name === 'csv' ? ROW_KINDS : ROW_KINDS.slice(0, 1)) {
      for (const chosen of name === 'text' ? [null, new Set([1])] : [null]) {
        const writer = format({ ...DEFAULT_OPTIONS, all: true, rows, chosen, width: 100_000 })
        for (const session of analysis.sessions) texts.push(writer.session(session))
        for (const piece of writer.end({ ...analysis, sessions: [] }))
          texts.push(typeof piece === 'string' ? piece : new TextDecoder().decode(piece))
      }
    }
  }
  for (const dialect of DIALECTS) texts.push(firewallRules(analysis.sessions, { dialect }) ?? '')
  return texts.join('\n')
}

/** Stars, and nothing of where they are: what pads a line to its width is as long as they leave it. */
function aside(text: string): string {
  return text.replace(/\\?\*\\?\*\\?\*/g, '***').replace(/ {2,}|─{2,}/g, ' ')
}

const cells = ({ steps, greeting }: Plan) => [greeting, ...steps.map(({ name }) => name)]

describe('A secret', () => {
  it('makes no difference to any report, wherever it stands, how ever it is sent or repeated', async () => {
    const pairsWithPlans = secretPairs.chain((secrets) =>
      plansFor(secrets.kind).map((plan) => ({ ...secrets, plan, steps: cells(plan) })),
    )
    await checkAsync(
      fc.asyncProperty(pairsWithPlans, async ({ pair: [one, other], plan }) => {
        const [first, second] = [
          await reports(playOut(plan, one).toPcap()),
          await reports(playOut(plan, other).toPcap()),
        ]
        const [a, b] = [aside(first).split('\n'), aside(second).split('\n')]
        const at = a.findIndex((line, index) => line !== b[index])
        if (at >= 0 || a.length !== b.length) throw new Error(`"${one}": ${a[at] ?? ''}\n"${other}": ${b[at] ?? ''}`)
      }),
      cases(40, 4000),
    )
  })
})
