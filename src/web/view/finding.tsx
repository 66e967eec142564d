import type { Confidence } from '../../diagnose/confidence.js'
import { headedSide } from '../../diagnose/remedies/addressee.js'
import type { FindingReport } from '../../report/contract.js'
import type { Side } from '../../diagnose/rule.js'
import { remedySteps } from '../../report/remedy-steps.js'
import { frames } from '../state.js'
import { Copyable } from './copy.js'
import { Explanation } from './explanation.js'
import { SeverityBadge } from './outcome.js'
import { Wire } from './wire.js'

/** Where to make a change, after "Change". */
export const SIDES: Record<Side, string> = {
  client: 'at the client',
  'client-network': "in the client's network",
  path: 'on the path between them',
  'server-network': "in the server's network",
  server: 'at the server',
  unknown: '(side unknown)',
}

export const CONFIDENCES: Record<Confidence, string> = {
  high: 'high confidence',
  medium: 'medium confidence',
  low: 'low confidence',
}

/** Frames that show the same thing, and what they show. */
export interface Proof {
  frames: number[]
  note: string
}

export function proofs({ evidence }: FindingReport): Proof[] {
  const list: Proof[] = []
  for (const { frame, note } of evidence) {
    const same = list.find((proof) => proof.note === note)
    if (same) same.frames.push(frame)
    else list.push({ frames: [frame], note })
  }
  return list
}

export function Evidence({ finding }: { finding: FindingReport }) {
  const files = frames.value
  return (
    <ol class={files.isSeveral ? 'evidence by-file' : 'evidence'}>
      {proofs(finding).map(({ frames: numbers, note }) => (
        <li key={numbers[0]}>
          <span class="frames">{files.names(numbers)}</span> <Wire>{note}</Wire>
        </li>
      ))}
    </ol>
  )
}

export function Remedy({ finding }: { finding: FindingReport }) {
  if (finding.remedy.length === 0) return null
  return (
    <ul class="remedy">
      {remedySteps(finding).map(({ text, commands }) => (
        <li key={text}>
          <Wire>{commands.length > 0 ? `${text}:` : text}</Wire>
          {commands.map(({ on, run }) => (
            <div class="command" key={run}>
              {on !== null && <span class="faint">{on}</span>}
              <Copyable label="the command" text={run} scrolls />
            </div>
          ))}
        </li>
      ))}
    </ul>
  )
}

/** A finding other than the one that the verdict names: collapsed at first. */
export function OtherFinding({ finding, open }: { finding: FindingReport; open: boolean }) {
  return (
    <details class={`cause ${finding.severity}`} open={open}>
      <summary>
        <SeverityBadge severity={finding.severity} />
        <strong>{finding.title}</strong>
        <span class="faint">{CONFIDENCES[finding.confidence]}</span>
      </summary>
      <p>
        <Wire>{finding.message}</Wire>
      </p>
      <Evidence finding={finding} />
      {finding.remedy.length > 0 && <h4>Change {SIDES[headedSide(finding)]}</h4>}
      <Remedy finding={finding} />
      {finding.references.length > 0 && <p class="faint">{finding.references.join(' · ')}</p>}
      <Explanation id={finding.id} />
    </details>
  )
}
