/** Silence after which other sequence numbers are those of another connection; after a close less is enough. */
const QUIET_NS = 60e9
const QUIET_AFTER_CLOSE_NS = 1e9
/** Sequence numbers further apart than this have nothing to do with each other; 1 in 500 random ones is closer. */
const FAR = 2 ** 22

/** Shortest silence after which the numbers of a packet need to be compared, in nanoseconds. */
export const LEAST_QUIET_NS = QUIET_AFTER_CLOSE_NS

/**
 * Whether a packet belongs to another connection than those before it on the same ports, though no SYN was captured.
 * Its sequence number is `ahead` of what follows the sender's last byte, and it acknowledges that much more than its
 * sender did last. No host takes back an acknowledgment; and where both numbers are far off, no loss explains them.
 */
export function isUnrelated(ahead: number, acknowledges: number, silenceNs: number, closed: boolean): boolean {
  if (silenceNs < (closed ? QUIET_AFTER_CLOSE_NS : QUIET_NS)) return false
  if (acknowledges < 0 && Math.abs(ahead) > 1) return true
  return Math.abs(ahead) > FAR && Math.abs(acknowledges) > FAR
}
