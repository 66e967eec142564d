import type { Label } from './grammar.js'

/** The probabilities of what an event may be: few labels, for which a map would be larger than what it holds. */
export class LabelShares {
  readonly labels: Label[] = []
  readonly shares: number[] = []

  add(label: Label, share: number): void {
    const at = this.labels.indexOf(label)
    if (at >= 0) this.shares[at]! += share
    else {
      this.labels.push(label)
      this.shares.push(share)
    }
  }
}
