/** What the lengths of TLS records say about the control connection, without keys. */
import type { Direction } from '../../tcp/connection.js'

/** A record of application data under TLS that is a command, a reply, or part of one. */
export interface HiddenRecord {
  frame: number
  /** Nanoseconds since the first frame. */
  time: number
  direction: Direction
  /** Bytes of content: both ends are the same unless the cipher pads. */
  least: number
  most: number
}

/** A data connection between the same hosts: an attempt counts, established or not. */
export interface DataOpening {
  frame: number
  time: number
  /** Passive: the client opens it. */
  mode: 'active' | 'passive'
  /** Port of the host that listens. */
  port: number
  /** Address of a third host, which a 227 may have named; absent for the hosts of the control connection. */
  address?: string
  established: boolean
  /** Who sent a file or listing on it; `null` where nothing was sent. */
  sender: 'client' | 'server' | null
}

/** A record with what it most likely is; neither command nor code if that is nothing in particular. */
export interface InferredRecord {
  frame: number
  time: number
  direction: Direction
  /** Bytes of content; `null` if they are not known exactly, or if they might be the length of a password. */
  bytes: number | null
  /** Verb of a command; `null` for a reply. */
  command: string | null
  /** Code of a reply; `null` for a command. */
  code: number | null
  /** The text of the server's with that code and length, `…` for what differs; `null` for a command, or without one. */
  text: string | null
  probability: number
  /** It is likely enough to be said. */
  claimed: boolean
}

/** The likeliest dialogue under TLS. */
export interface Inference {
  /** The server whose texts were used; `null` for none in particular. */
  server: string | null
  /** In order. */
  records: InferredRecord[]
}
