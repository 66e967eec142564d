import { LF } from '../../bytes/ascii.js'
import type { AddressMap } from './address-map.js'
import type { ByteStore } from './byte-store.js'
import { rewriteCommand } from './client-lines.js'
import { latin1, LineDraft } from './line-draft.js'
import { rewriteListed } from './listing-lines.js'
import { rewriteReply } from './server-lines.js'
import type { StandIns } from './stand-ins.js'
import { TextAddresses } from './text-addresses.js'

export type LineKind = 'client' | 'server' | 'listing'

/** Lines that are remembered: servers repeat theirs, and senders their segments. */
const REMEMBERED = 4096
const LONGEST_REMEMBERED = 1024

/** Rewrites segments of text, each as a part of the lines that it belongs to. */
export class LineRewriter {
  readonly #standIns: StandIns
  readonly #addresses: TextAddresses
  readonly #sent: ReadonlySet<string>
  readonly #known = new Map<string, Uint8Array>()

  /** `sent`: words that clients sent, complete by the first call. */
  constructor(standIns: StandIns, map: AddressMap, sent: ReadonlySet<string>) {
    this.#standIns = standIns
    this.#addresses = new TextAddresses(map, standIns)
    this.#sent = sent
  }

  /** The bytes in place of those of a segment, whose neighbours are in `store`. */
  segment(kind: LineKind, store: ByteStore, sequence: number, bytes: Uint8Array): Uint8Array {
    const before = store.before(sequence)
    const after = bytes.at(-1) === LF ? new Uint8Array(0) : store.after((sequence + bytes.length) >>> 0)
    const text = new Uint8Array(before.length + bytes.length + after.length)
    text.set(before)
    text.set(bytes, before.length)
    text.set(after, before.length + bytes.length)
    for (let start = 0; start < text.length;) {
      const found = text.indexOf(LF, start)
      const end = found < 0 ? text.length : found + 1
      text.set(this.#line(kind, text.slice(start, end)), start)
      start = end
    }
    return text.subarray(before.length, before.length + bytes.length)
  }

  #line(kind: LineKind, line: Uint8Array): Uint8Array {
    const key = line.length <= LONGEST_REMEMBERED ? kind + latin1(line) : null
    const known = key === null ? undefined : this.#known.get(key)
    if (known) return known
    const draft = new LineDraft(line, this.#standIns)
    if (kind === 'client') rewriteCommand(draft, this.#addresses)
    else if (kind === 'server') rewriteReply(draft, this.#addresses, this.#sent)
    else rewriteListed(draft, this.#addresses)
    if (key !== null) {
      if (this.#known.size >= REMEMBERED) this.#known.clear()
      this.#known.set(key, draft.bytes)
    }
    return draft.bytes
  }
}
