/** Outcomes of a session, worst first. */
export const OUTCOMES = ['failed', 'degraded', 'undetermined', 'ok'] as const
export type Outcome = (typeof OUTCOMES)[number]
