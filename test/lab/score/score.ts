import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addressesOf } from '../addresses.js'
import { deriveAll, type Derivation } from '../derive/derivations.js'
import { readPcap } from '../derive/pcap.js'
import { pool } from '../pool.js'
import { VANTAGES, type Expectation, type Scenario, type Vantage } from '../scenario.js'
import type { Analysis } from './analysis.js'
import type { Analyze } from './analyze.js'
import { compareContents, type ContentRow } from './content.js'
import { judge, judgeCautiously, type Judgement } from './judge.js'
import type { Row } from './row.js'
import { WITH_KEYS } from './under-tls.js'

/** The scenarios whose captures are also judged cut, converted and mixed. */
const DERIVED_FROM = [
  'passive-healthy',
  'extended-passive-healthy',
  'active-nat-helper-healthy',
  'ipv6-healthy',
  'upload-healthy',
  'tls-healthy',
  'passive-private-address',
  'passive-port-unanswered',
  'passive-port-refused',
  'active-private-address-refused-vsftpd-curl',
  'active-port-unanswered',
  'control-unanswered',
  'control-refused',
  'control-unreachable',
  'login-rejected',
  'path-mtu-blackhole',
  'transfer-stalled',
] as const
/** Healthy, and between hosts that occur in no capture above. */
const OTHER = 'lan-healthy-routed-pure-ftpd-curl'

export interface Scoring {
  readonly output: string
  readonly jobs: number
  readonly analyze: Analyze
}

/** Has every capture of a run analysed, without keys. */
export function scoreCaptures(scenarios: readonly Scenario[], scoring: Scoring): Promise<readonly Row[]> {
  return score(scenarios, scoring, ({ expect }, vantage) => ({ expected: expect[vantage] }))
}

/** Has the captures under TLS analysed with the keys of their run. */
export async function scoreWithKeys(scenarios: readonly Scenario[], scoring: Scoring): Promise<readonly Row[]> {
  const keysOf = ({ name }: Scenario): string => join(scoring.output, name, 'keys.log')
  const withKeys = scenarios.filter((scenario) => existsSync(keysOf(scenario)))
  const rows = await score(withKeys, scoring, (scenario, vantage) => ({
    expected: scenario.keyed?.[vantage] ?? scenario.expect[vantage],
    keys: keysOf(scenario),
  }))
  return rows.map((row) => ({ ...row, vantage: row.vantage + WITH_KEYS }))
}

/** Compares the files of the same captures with what their content is when it is decrypted. */
export function scoreContents(scenarios: readonly Scenario[], { output }: Scoring): readonly ContentRow[] {
  return scenarios.flatMap(({ name }) => {
    const folder = join(output, name)
    if (!existsSync(join(folder, 'keys.log')) || !existsSync(join(folder, 'truth.json'))) return []
    const captured = VANTAGES.filter((vantage) => existsSync(join(folder, `${vantage}.pcap`)))
    return captured.flatMap((vantage) => compareContents(folder, vantage))
  })
}

type Question = (scenario: Scenario, vantage: Vantage) => { readonly expected: Expectation | undefined; keys?: string }

async function score(scenarios: readonly Scenario[], scoring: Scoring, ask: Question): Promise<readonly Row[]> {
  const ran = scenarios.filter(({ name }) => existsSync(join(scoring.output, name, 'truth.json')))
  const tasks = ran.flatMap((scenario) =>
    VANTAGES.flatMap((vantage) => {
      const file = join(scoring.output, scenario.name, `${vantage}.pcap`)
      const { expected, keys } = ask(scenario, vantage)
      return expected && existsSync(file) ? [{ scenario, vantage, expected, file, keys }] : []
    }),
  )
  const rows: Row[] = []
  await pool(tasks, scoring.jobs, async ({ scenario, vantage, expected, file, keys }) => {
    rows.push({
      scenario: scenario.name,
      vantage,
      expected,
      ...(await judged([file], scoring, (said) => judge(expected, said), keys)),
    })
  })
  return sorted(rows)
}

/** Makes the derived captures and has them analysed. */
export async function scoreDerived(scenarios: readonly Scenario[], scoring: Scoring): Promise<readonly Row[]> {
  const other = join(scoring.output, OTHER, 'client.pcap')
  const bases = scenarios.filter(({ name }) => (DERIVED_FROM as readonly string[]).includes(name))
  if (!existsSync(other)) return []
  const tasks = bases.flatMap((scenario) => derivedTasks(scenario, 'client', readFileSync(other), scoring.output))
  const rows: Row[] = []
  await pool(tasks, scoring.jobs, async ({ scenario, derivation, files }) => {
    const expected = expectedOf(derivation, scenario.expect.client)
    const judgeBy = derivation.demand === 'same' ? judge : judgeCautiously
    const result = await judged(files, scoring, (said) => judgeBy(expected, said))
    rows.push({ scenario: scenario.name, vantage: `client, ${derivation.name}`, expected, ...result })
  })
  return sorted(rows)
}

/** What a derivation mixes in is counted with the rest, so the number of transfers is not demanded. */
function expectedOf({ findings = [] }: Derivation, whole: Expectation): Expectation {
  const { transfers: _, findings: __, ...rest } = whole
  return findings.length === 0 ? rest : { ...rest, findings }
}

function derivedTasks(scenario: Scenario, vantage: Vantage, other: Uint8Array, output: string) {
  const folder = join(output, scenario.name)
  const base = join(folder, `${vantage}.pcap`)
  if (!existsSync(base)) return []
  const { topology } = scenario
  const client = topology.family === 6 ? '2001:db8:1:0:0:0:0:10' : addressesOf(topology).client
  mkdirSync(join(folder, 'derived'), { recursive: true })
  const material = { client, other: readPcap(other), server: readPcap(readFileSync(join(folder, 'server.pcap'))) }
  return [...deriveAll(readFileSync(base), material)].map(([derivation, contents]) => {
    const files = contents.map((_, index) => join(folder, 'derived', `${vantage}-${derivation.name}-${index + 1}.pcap`))
    contents.forEach((content, index) => {
      writeFileSync(files[index] ?? '', content)
    })
    return { scenario, derivation, files }
  })
}

async function judged(
  files: readonly string[],
  { analyze }: Scoring,
  judgeBy: (analysis: Analysis) => Judgement,
  keys?: string,
): Promise<Pick<Row, 'judgement' | 'error'>> {
  try {
    return { judgement: judgeBy(await analyze(files, keys)) }
  } catch (error) {
    return { judgement: null, error: `no analysis: ${error instanceof Error ? error.message : String(error)}` }
  }
}

const sorted = (rows: readonly Row[]): readonly Row[] => [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1))

const key = ({ scenario, vantage }: Row): string => `${scenario} ${vantage}`
