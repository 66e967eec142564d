import { conclude } from '../verdict.js'
import type { Judgement } from '../judge.js'
import type { Finding } from '../rule.js'

/**
 * The judgement of one place, without what another place shows to have been meant: what looks like a third host's
 * attack beside one server is a transfer between two servers where the client's dialogue with both was captured.
 */
export function withoutMeant(judgement: Judgement, all: readonly (Judgement | null)[]): Judgement {
  const { facts, findings } = judgement
  const left = findings.filter((finding) => !all.some((other) => other && isMeant(finding, judgement, other)))
  return left.length === findings.length ? judgement : { ...judgement, findings: left, verdict: conclude(facts, left) }
}

/** Another place explains what happened on the channel by what the finding would explain, and found it harmless. */
function isMeant({ rule, severity, channel, harmless }: Finding, own: Judgement, other: Judgement): boolean {
  if (other === own || severity !== 'error' || harmless || !channel || !rule.explains) return false
  const slot = other.facts.path!.slot
  const there = own.facts.path!.channelElsewhere(channel).find((each) => each.slot === slot)?.channel
  return other.findings.some(
    (each) => each.channel === there && each.harmless && each.confidence === 'high' && rule.explains!.includes(each.id),
  )
}
