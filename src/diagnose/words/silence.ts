import type { Fact } from '../rule.js'

/** That nothing answered, as far as all captures of the session show it. */
export function silenceWords({ answerLost }: Pick<Fact, 'answerLost'>): string {
  return answerLost ? 'no answer arrived' : 'no answer was captured'
}
