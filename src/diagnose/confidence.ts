/** How sure a finding, a verdict or an estimate is. */
export type Confidence = 'high' | 'medium' | 'low'
