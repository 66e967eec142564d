import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { groupOf } from '../../../src/diagnose/catalogue.js'
import { addressesOf } from '../addresses.js'
import { type Capture, readPcap, writePcap } from '../derive/pcap.js'
import { lose, shiftClock, snap, span } from '../derive/transform.js'
import { translate } from '../derive/translate.js'
import { pool } from '../pool.js'
import type { Expectation, Scenario, Vantage } from '../scenario.js'
import type { Analysis } from './analysis.js'
import { judge, judgeCautiously } from './judge.js'
import type { PlacesRow } from './row.js'
import type { Scoring } from './score.js'

/** Captures of several places, as they are handed in: the clocks differ, something is missing, a device is between. */
interface Variant {
  readonly name: string
  /** Something of what shows the fault may be missing: the verdict need not be the same, but not wrong either. */
  readonly cautious?: boolean
  readonly change: (capture: Capture, at: Vantage, scenario: Scenario) => Capture
}

const OUTSIDE = [198, 18, 0] as const

const atServer =
  (change: (capture: Capture, scenario: Scenario) => Capture): Variant['change'] =>
  (capture, at, scenario) =>
    at === 'client' ? capture : change(capture, scenario)
const atClient =
  (change: (capture: Capture) => Capture): Variant['change'] =>
  (capture, at) =>
    at === 'client' ? change(capture) : capture

const VARIANTS: readonly Variant[] = [
  { name: 'as recorded', change: (capture) => capture },
  { name: 'clock 7 s ahead, 100 ppm fast', change: atServer((capture) => shiftClock(capture, 7, 100)) },
  { name: 'clock two days behind', change: atServer((capture) => shiftClock(capture, -172_800, -100)) },
  { name: '5 % missing at the client', cautious: true, change: atClient((capture) => lose(capture, 0.05, 7)) },
  { name: '5 % missing at the server', cautious: true, change: atServer((capture) => lose(capture, 0.05, 8)) },
  { name: 'snapped at the client', cautious: true, change: atClient((capture) => snap(capture, 96)) },
  {
    name: 'started later at the server',
    cautious: true,
    change: atServer((capture) => shiftClock(span(capture, 0.25, 1), 3, 0)),
  },
  {
    name: 'translated, TTL and sequence numbers changed',
    change: atServer((capture, { topology, client }) =>
      translate(shiftClock(capture, -4, 50), {
        hosts: clientsAt(capture, topology),
        // What an active client announces would no longer be its address.
        ...(client.mode === 'passive' && { network: OUTSIDE }),
        sequence: 0x5a5a1234,
        hops: 2,
      }),
    ),
  },
]

const SETS: readonly (readonly Vantage[])[] = [
  ['client', 'server'],
  ['client', 'middle', 'server'],
]

/** Has the captures of each scenario analyzed together. */
export async function scorePlaces(scenarios: readonly Scenario[], scoring: Scoring): Promise<readonly PlacesRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ftpscope-places-'))
  const tasks = scenarios.flatMap((scenario) => SETS.flatMap((set) => tasksOf(scenario, set, scoring.output)))
  const rows: PlacesRow[] = []
  try {
    await pool(tasks, scoring.jobs, async (task) => {
      rows.push(await rowOf(task, folder, scoring))
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
  return rows.sort((a, b) => (`${a.scenario} ${a.vantage}` < `${b.scenario} ${b.vantage}` ? -1 : 1))
}

interface Task {
  scenario: Scenario
  set: readonly Vantage[]
  variant: Variant
  files: ReadonlyMap<Vantage, string>
}

function tasksOf(scenario: Scenario, set: readonly Vantage[], output: string): Task[] {
  const files = new Map(set.map((at) => [at, join(output, scenario.name, `${at}.pcap`)]))
  if (set.some((at) => !scenario.expect[at] || !existsSync(files.get(at)!))) return []
  return VARIANTS.map((variant) => ({ scenario, set, variant, files }))
}

let written = 0

async function rowOf({ scenario, set, variant, files }: Task, folder: string, scoring: Scoring): Promise<PlacesRow> {
  const expected = expectedOfAll(set.map((at) => scenario.expect[at]!))
  const row = { scenario: scenario.name, vantage: `${set.join('+')}, ${variant.name}`, expected }
  try {
    const alone = await scoring.analyze([files.get('client')!])
    const paths = set.map((at) => {
      const path = join(folder, `${at}-${written++}.pcap`)
      writeFileSync(path, writePcap(variant.change(readPcap(readFileSync(files.get(at)!)), at, scenario)))
      return path
    })
    // In any order.
    const analysis = await scoring.analyze(paths.toReversed())
    for (const path of paths) rmSync(path)
    const judgeBy = variant.cautious ? judgeCautiously : judge
    return { ...row, judgement: judgeBy(expected, counted(analysis)), ...togetherOf(analysis, set, alone) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ...row, judgement: null, error: `no analysis: ${reason}`, once: false, agreed: false, asks: null }
  }
}

/** Whether the places came to one session, and to one verdict. */
function togetherOf(
  analysis: Analysis,
  set: readonly Vantage[],
  alone: Analysis,
): Pick<PlacesRow, 'once' | 'agreed' | 'asks'> {
  const { sessions, paths = [] } = analysis
  const byId = new Map(sessions.map((session) => [session.id, session]))
  const agreed = paths.every(({ sessions: ids, verdict }) =>
    ids.every((id) => {
      const own = byId.get(id)!.verdict
      return own.outcome === verdict.outcome && own.cause === verdict.cause && own.confidence === verdict.confidence
    }),
  )
  const asks = sessions.map(({ verdict }) => verdict.settledBy ?? '').find((text) => asksForWhatIsThere(text, set))
  return { once: analysis.summary.sessions === alone.summary.sessions, agreed, asks: asks ?? null }
}

function asksForWhatIsThere(text: string, set: readonly Vantage[]): boolean {
  const ends = set.filter((at) => at === 'client' || at === 'server')
  return ends.some((at) => new RegExp(`Capture at the (client and at the server|${at})\\b`, 'u').test(text))
}

/** The analysis with each session of a path once. */
function counted(analysis: Analysis): Analysis {
  const others = new Set((analysis.paths ?? []).flatMap(({ sessions }) => sessions.slice(1)))
  return { ...analysis, sessions: analysis.sessions.filter(({ id }) => !others.has(id)) }
}

/** What all places together show: what any of them shows, rather than that one of them shows nothing. */
function expectedOfAll(each: readonly Expectation[]): Expectation {
  const visible = each.filter((one) => one.visible !== false)
  if (visible.length === 0) return each[0]!
  const definite = visible.filter(({ cause }) => cause !== null && groupOf(cause) !== 'Capture quality')
  const all = definite.length > 0 ? definite : visible
  const [first] = all
  return {
    outcome: first!.outcome,
    alsoOutcome: others(
      first!.outcome,
      all.flatMap(({ outcome, alsoOutcome = [] }) => [outcome, ...alsoOutcome]),
    ),
    cause: first!.cause,
    also: others(
      first!.cause,
      all.flatMap(({ cause, also = [] }) => [cause, ...also]),
    ),
  }
}

/** Each once, and not the first. */
function others<Value>(first: Value, all: readonly Value[]): Value[] {
  return [...new Set(all)].filter((value) => value !== first)
}

/** The client's addresses as this capture shows them: a translator in the lab may have changed them. */
function clientsAt(capture: Capture, topology: Scenario['topology']): (address: string) => boolean {
  const { client, clientLan, server } = addressesOf(topology)
  const shown = capture.packets.map(({ data }) => data.subarray(26, 30).join('.'))
  if (!shown.includes(client)) return (address) => address === '198.51.100.2'
  const hosts = new Set(topology.client === 'lan' ? [client] : clientLan.hosts)
  return (address) => hosts.has(address) && address !== server
}
