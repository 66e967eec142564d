import { complete } from '../judge.js'
import type { Finding } from '../rule.js'
import { CAPTURE_RULES } from '../rules/rules.js'
import type { CaptureFacts, CaptureRule } from './capture-rule.js'

/** Findings on the capture as a whole. */
export function judgeCapture(facts: CaptureFacts): Finding<CaptureRule>[] {
  return CAPTURE_RULES.flatMap((rule) => [...rule.check(facts)].map((observation) => complete(rule, observation)))
}
