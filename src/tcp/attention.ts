/** How closely a connection is followed. */
export const Attention = {
  /** A row of the table: nothing but what numbering and a later promotion need. */
  Ignored: 0,
  /** Counted: bytes, gaps, retransmissions, close; its payload is never looked at. */
  Counted: 1,
  /** Measured, and its first payload is offered for recognition: it may turn out to be worth reading. */
  Candidate: 2,
  /** Measured, and its payload is handed on in order. */
  Read: 3,
} as const
export type Attention = (typeof Attention)[keyof typeof Attention]
