/** How closely a connection is followed. */
export const Attention = {
  /** A row of the table: only what is needed for numbering, and for following it later. */
  Ignored: 0,
  /** Counted: bytes, gaps, retransmissions, close; its payload is never read. */
  Counted: 1,
  /** Counted, and its first payload is offered for recognition: it may turn out to be worth reading. */
  Candidate: 2,
  /** Counted, and its payload is delivered in order. */
  Read: 3,
} as const
export type Attention = (typeof Attention)[keyof typeof Attention]
