import type { Confidence } from '../diagnose/confidence.js'

/** A record under TLS, and what it most likely is. */
export interface InferredExchangeReport {
  frame: number
  time: string
  direction: 'client' | 'server'
  /** Bytes of its content; `null` where the cipher pads it, and for what might be a password. */
  bytes: number | null
  /** The verb of a command; `null` for a reply. */
  command: string | null
  /** The code of a reply; `null` for a command. */
  code: number | null
  /** The text of such a server with that code and length, `…` for what differs; `null` where none is known. */
  text: string | null
  confidence: Confidence
  /** From 0.8 to 1. */
  probability: number
}
