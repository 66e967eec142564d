import { FINDING_IDS, type FindingId } from '../../../src/diagnose/catalogue.js'
import { VANTAGES, type Scenario } from '../scenario.js'
import { isRight, type Row } from './row.js'

/** The scenarios that bring a finding about: as the cause of the verdict, or beside it. */
export function scenariosOf(id: FindingId, catalogue: readonly Scenario[]): readonly Scenario[] {
  return catalogue.filter(({ expect }) =>
    VANTAGES.some((at) => expect[at]?.cause === id || expect[at]?.findings?.includes(id) === true),
  )
}

/** A Markdown table: each finding, where it is tried, and how often it is there. */
export function byFinding(catalogue: readonly Scenario[], rows: readonly Row[]): string {
  const lines = FINDING_IDS.map((id) => {
    const mine = rows.filter(({ expected }) => expected.cause === id || expected.findings?.includes(id) === true)
    const names = scenariosOf(id, catalogue).map(({ name }) => name)
    const derived = [...new Set(mine.map(({ vantage }) => vantage.split(', ')[1]).filter((name) => name !== undefined))]
    const cells = [id, [...names, ...derived].join(', '), `${mine.filter(isRight).length} of ${mine.length}`]
    return `| ${cells.join(' | ')} |`
  })
  return ['| finding | scenarios | captures right |', '|---|---|---|', ...lines].join('\n')
}
