import type { Expectation } from '../scenario.js'
import type { ContentRow } from './content.js'
import { isRight, percent, totalsOf, type Row } from './row.js'

/** The same capture analysed without and with the keys of its TLS connections. */
interface Pair {
  readonly bare: Row
  readonly keyed: Row
}

interface Count {
  captures: number
  /** Without keys: the cause that the keys show, or an honest verdict that says less. */
  named: number
  modest: number
  /** With keys. */
  right: number
}

/** How rows that are judged with keys are told from those without. */
export const WITH_KEYS = ', with keys'

/** What the captures under TLS tell without keys and with them, as Markdown. */
export function underTlsSection(bare: readonly Row[], keyed: readonly Row[]): string {
  const pairs = pairsOf(bare, keyed)
  const all = sum(pairs)
  const share = (part: number): string => `${part} of ${all.captures} (${percent(part, all.captures)})`
  const [without, with_] = [totalsOf(pairs.map((pair) => pair.bare)), totalsOf(pairs.map((pair) => pair.keyed))]
  const counted = `${with_.countedRight} of ${with_.counted} (${percent(with_.countedRight, with_.counted)})`
  const lines = [
    ['cause right', share(all.named), share(all.right)],
    ['undetermined, or less than the cause, and nothing wrong', share(all.modest), '–'],
    ['wrong', share(all.captures - all.named - all.modest), share(all.captures - all.right)],
    ['number of transfers right', '–', counted],
    ['wrong cause reported with high confidence', `${without.misleading}`, `${with_.misleading}`],
  ]
  return ['| | without keys | with keys |', '|---|---|---|', ...lines.map(row)].join('\n') + '\n\n' + byCause(pairs)
}

/** How many decrypted files have the hash of those on the server, as a sentence without its full stop. */
export function contentsText(contents: readonly ContentRow[]): string {
  const of = (direction: ContentRow['direction']): string => {
    const all = contents.filter((each) => each.direction === direction)
    return `${all.filter(({ right }) => right).length} of ${all.length} ${direction}s`
  }
  return `Decrypted content with the SHA-256 of the file on the server: ${of('download')}, ${of('upload')}`
}

function byCause(pairs: readonly Pair[]): string {
  const causes = [...new Set(pairs.map(causeOf))].sort()
  const lines = causes.map((cause) => {
    const of = pairs.filter((pair) => causeOf(pair) === cause)
    const { captures, named, modest, right } = sum(of)
    return row([cause, `${captures}`, `${named}`, `${modest}`, `${captures - named - modest}`, `${right}`])
  })
  const head = '| cause | captures | without keys: right | undetermined | wrong | with keys: right |'
  return [head, '|---|---|---|---|---|---|', ...lines].join('\n')
}

const causeOf = ({ keyed: { expected } }: Pair): string =>
  expected.visible === false ? 'not visible' : (expected.cause ?? 'none: healthy')

function pairsOf(bare: readonly Row[], keyed: readonly Row[]): readonly Pair[] {
  const byKey = new Map(bare.map((one) => [`${one.scenario} ${one.vantage}${WITH_KEYS}`, one]))
  return keyed.flatMap((one) => {
    const without = byKey.get(`${one.scenario} ${one.vantage}`)
    return without ? [{ bare: without, keyed: one }] : []
  })
}

function sum(pairs: readonly Pair[]): Count {
  const count: Count = { captures: pairs.length, named: 0, modest: 0, right: 0 }
  for (const { bare, keyed } of pairs) {
    if (isRight(keyed)) count.right++
    if (!isRight(bare)) continue
    if (names(bare, keyed.expected)) count.named++
    else count.modest++
  }
  return count
}

/** The verdict has the cause that the keys show. */
function names({ judgement }: Row, { cause, also = [], visible }: Expectation): boolean {
  return visible === false || (judgement !== null && [cause, ...also].some((one) => one === judgement.said.cause))
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
