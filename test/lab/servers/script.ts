/** What a scripted server says instead of what a well-behaved one would. */
export interface Reply {
  /**
   * Sent with CRLF appended. `{tuple}` becomes h1,h2,h3,h4,p1,p2 of a fresh passive listener, `{port}` its port,
   * `{address}` the announced address.
   */
  readonly text?: string
  readonly delayMs?: number
  /** Pause between single bytes. */
  readonly byteGapMs?: number
  /** Send so many bytes, and the rest in a second segment. */
  readonly splitAt?: number
  /** Leave the line end as the text has it. */
  readonly exact?: boolean
  readonly then?: 'close' | 'reset'
}

export type Answer = string | Reply | null

/** How the data connection of a transfer goes. */
export interface DataBehaviour {
  /** Stop after so many bytes, then end as `end` says. */
  readonly stopAfter?: number
  /** close: FIN · reset: RST · hold: say nothing until the client leaves · refuse: close at once without data */
  readonly end?: 'close' | 'reset' | 'hold'
  /** The final reply; null: none ever comes. */
  readonly final?: Answer
  /** The final reply goes out before the data. */
  readonly finalFirst?: boolean
  readonly pauseMs?: number
}

export interface ServerScript {
  /** Several are sent one after the other. */
  readonly greeting?: Answer | readonly Answer[]
  /** By verb; of a list each answer serves once and the last one for good. `null` says nothing at all. */
  readonly replies?: Readonly<Record<string, Answer | readonly Answer[]>>
  /** Address in 227 replies instead of the local one. */
  readonly announce?: string
  /** The ports of the first passive listeners, in this order, instead of those of the range. */
  readonly ports?: readonly number[]
  /** Added to the port that is announced. */
  readonly portOffset?: number
  /** Local address and port that active data connections come from. */
  readonly activeFrom?: { readonly address?: string; readonly port?: number }
  readonly data?: DataBehaviour
}
