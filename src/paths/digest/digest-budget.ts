/** Memory of the digests of one connection: about 150,000 packets. */
const MOST_OF_ONE = 8 * 1024 * 1024
/** Memory of the digests of all places together: about four million packets. */
export const MOST_OF_ALL = 256 * 1024 * 1024

export interface DigestLimits {
  /** Bytes for the packets of one connection at one place. */
  bytesPerConnection?: number
  /** Bytes for those of all connections at all places. */
  bytes?: number
}

/** The memory that the digests of all places share. */
export class DigestBudget {
  readonly perConnection: number
  readonly limit: number
  used = 0

  constructor(limits: DigestLimits = {}) {
    this.perConnection = limits.bytesPerConnection ?? MOST_OF_ONE
    this.limit = limits.bytes ?? MOST_OF_ALL
  }

  /** Takes `bytes`, if there are as many. */
  take(bytes: number): boolean {
    if (this.used + bytes > this.limit) return false
    this.used += bytes
    return true
  }

  give(bytes: number): void {
    this.used -= bytes
  }
}
