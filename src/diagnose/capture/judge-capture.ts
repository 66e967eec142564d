import type { CaptureFacts } from './capture-rule.js'
import { CAPTURE_RULES } from '../registry.js'
import { complete } from '../judge.js'
import type { Finding } from '../rule.js'

/** Findings on the capture as a whole. */
export function judgeCapture(facts: CaptureFacts): Finding[] {
  return CAPTURE_RULES.flatMap((rule) => [...rule.check(facts)].map((observation) => complete(rule, observation)))
}
