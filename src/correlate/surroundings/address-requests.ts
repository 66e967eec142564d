import { u16be } from '../../bytes/read.js'
import { addressText, IPV4_LENGTH } from '../../wire/address.js'
import { EtherType } from '../../wire/ether-type.js'
import type { Packet } from '../../wire/packet.js'

/** Addresses that are kept: a scan of a network asks for all of them. */
const MOST_ADDRESSES = 256

/** ARP of Ethernet and IPv4 (RFC 826): fields and their offsets. */
const LENGTH = 28
const PROTOCOL_AT = 2
const LENGTHS_AT = 4
const OPERATION_AT = 6
const SENDER_AT = 14
const TARGET_AT = 24
/** Six bytes of a hardware address, four of a protocol address. */
const LENGTHS = 0x0604
const REQUEST = 1

export interface UnansweredAddress {
  address: string
  /** Who asked first. */
  asker: string
  requests: number
  firstFrame: number
}

/** Follows ARP: which addresses were asked for, and which have been seen in use. */
export class AddressRequests {
  readonly #asked = new Map<string, UnansweredAddress>()
  readonly #known = new Set<string>()

  /** An ARP packet between `payloadStart` and `payloadEnd`. */
  packet({ bytes, payloadStart: at, payloadEnd, frame }: Packet): void {
    if (
      payloadEnd - at < LENGTH ||
      u16be(bytes, at + PROTOCOL_AT) !== EtherType.Ipv4 ||
      u16be(bytes, at + LENGTHS_AT) !== LENGTHS
    )
      return
    const sender = addressText(bytes, at + SENDER_AT, IPV4_LENGTH)
    // Whoever sends ARP has the address that it names, and answers.
    if (this.#known.size < MOST_ADDRESSES) this.#known.add(sender)
    this.#asked.delete(sender)
    if (u16be(bytes, at + OPERATION_AT) !== REQUEST) return
    const target = addressText(bytes, at + TARGET_AT, IPV4_LENGTH)
    if (target === sender || this.#known.has(target)) return
    const asked = this.#asked.get(target)
    if (asked) asked.requests++
    else if (this.#asked.size < MOST_ADDRESSES)
      this.#asked.set(target, { address: target, asker: sender, requests: 1, firstFrame: frame })
  }

  /** Those that nobody answered for, asked for most often first. */
  unanswered(): UnansweredAddress[] {
    return [...this.#asked.values()].sort((a, b) => b.requests - a.requests || a.firstFrame - b.firstFrame)
  }
}
