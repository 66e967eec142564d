/**
 * Commands and data connections held to what Suricata made of the same captures; `record-suricata.ts` says how that was
 * recorded.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCapture } from '../capture/corpus.js'
import { analyzeFile } from '../support/analyze-file.js'
import { captures, hasCorpus, ROOT } from '../support/captures.js'
import { marked } from './document.js'
import { digestOf, type Recorded } from './record-suricata.js'
import { type Difference, SURICATA_KNOWN, type SuricataKnown } from './suricata-known.js'

const DOCUMENT = join(ROOT, 'docs/COMPARISON.md')
const recorded = JSON.parse(readFileSync(new URL('recorded/suricata.json', import.meta.url), 'utf8')) as {
  version: string
  captures: Record<string, Recorded>
}
/** A capture that was made anew since is another one. */
const isRecorded = (path: string): boolean => recorded.captures[basename(path)]?.sha256 === digestOf(readCapture(path))
const paths = captures().filter(isRecorded)
const uncovered = captures().filter((path) => !paths.includes(path))
const found: { capture: string; aspect: SuricataKnown['aspect']; difference: Difference }[] = []

const knownFor = (one: (typeof found)[number]): SuricataKnown | undefined =>
  SURICATA_KNOWN.find(
    ({ aspect, captures: parts, matches }) =>
      aspect === one.aspect &&
      (parts === undefined || parts.some((part) => one.capture.includes(part))) &&
      (matches === undefined || matches(one.difference)),
  )

describe(`Suricata ${recorded.version} and ftpscope`, () => {
  it('have been given the same captures', () => {
    expect(paths.length).toBeGreaterThan(300)
  })

  it.each(paths.map((path): [string, string] => [basename(path), path]))(
    '%s: the same commands and data connections, but where it is known why',
    (capture, path) => {
      const { commands, data } = recorded.captures[capture]!
      const { sessions } = analyzeFile(path)
      const verbs = sessions.flatMap(({ exchanges }) =>
        exchanges.flatMap(({ command }) => command?.toUpperCase() ?? []),
      )
      const connections = sessions.flatMap(({ dataChannels }) =>
        dataChannels.flatMap(({ connection, from, to }) => {
          const ends = [`${from.address} ${from.port}`, `${to.address} ${to.port}`]
          return connection && connection.bytes > 0 ? ends.sort().join(' - ') : []
        }),
      )
      const differences = {
        commands: between(verbs, commands.split(' ').filter(Boolean)),
        data: between([...new Set(connections)], data),
      }
      for (const aspect of ['commands', 'data'] as const) {
        const difference = differences[aspect]
        if (difference.ours.length + difference.theirs.length === 0) continue
        const one = { capture, aspect, difference }
        found.push(one)
        expect(
          knownFor(one),
          `${aspect} only here: ${difference.ours.join(' ')}; only there: ${difference.theirs.join(' ')}`,
        ).toBeDefined()
      }
    },
  )

  it('have not both read the captures that docs/COMPARISON.md names', () => {
    const names = uncovered.map((path) => basename(path))
    const [anew, since] = [true, false].map((known) => names.filter((name) => name in recorded.captures === known))
    const listed = (captures: readonly string[]) => captures.map((name) => `\`${name}\``).join(', ')
    const list =
      `- ${anew!.length} of these captures were made anew since Suricata read them: ${listed(anew!)}\n` +
      `- ${since!.length} were made since then: ${listed(since!)}`
    hold('suricata-uncovered', list)
  })

  it.skipIf(!hasCorpus)('differ exactly where docs/COMPARISON.md says', () => {
    const list = SURICATA_KNOWN.map((known) => {
      const where = [...new Set(found.filter((one) => knownFor(one) === known).map(({ capture }) => `\`${capture}\``))]
      const right = known.right === 'both' ? 'Both are acceptable' : `${known.right} is right`
      expect(where, known.why).not.toEqual([])
      return `- **${known.aspect === 'data' ? 'data connections' : 'commands'}.** ${known.why} ${right}.\n  ${where.join(', ')}`
    }).join('\n')
    hold('suricata', list)
  })
})

/** A list of the document, which is written or compared. */
function hold(name: string, list: string): void {
  const markdown = readFileSync(DOCUMENT, 'utf8')
  if (process.env['FTPSCOPE_GOLDEN'] === 'write') {
    writeFileSync(
      DOCUMENT,
      markdown.replace(marked(name), () => list),
    )
  } else expect(marked(name).exec(markdown)?.[0]).toBe(list)
}

function between(ours: readonly string[], theirs: readonly string[]): Difference {
  return { ours: without(ours, theirs), theirs: without(theirs, ours) }
}

/** Each of the others takes one away. */
function without(list: readonly string[], others: readonly string[]): string[] {
  const left = [...others]
  return list.filter((one) => {
    const at = left.indexOf(one)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}
