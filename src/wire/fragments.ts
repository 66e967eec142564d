import { byteCount } from '../bytes/byte-count.js'
import { SECOND_NS } from '../capture/time.js'
import { IPV4_LENGTH, IPV6_LENGTH } from './address.js'
import type { Cursor } from './cursor.js'
import { Stop } from './cursor.js'
import { Added, BLOCK, Datagram } from './datagram.js'
import { canCarryTcp } from './ip-protocol.js'
import type { Packet } from './packet.js'

/** How long to wait for the rest of a datagram: 30 s for IPv4, as Linux does; 60 s for IPv6 (RFC 8200 §4.5). */
const TIMEOUT_V4 = 30 * SECOND_NS
const TIMEOUT_V6 = 60 * SECOND_NS

/** Reassembles fragmented datagrams. Their number and memory are bounded; the oldest is dropped first. */
export class FragmentTable {
  /** Incomplete datagrams, in the order in which their first fragments were seen. */
  readonly #open = new Map<string, Datagram>()
  #bytes = 0
  readonly #maxDatagrams: number
  readonly #maxBytes: number

  constructor(maxDatagrams: number, maxBytes: number) {
    this.#maxDatagrams = maxDatagrams
    this.#maxBytes = maxBytes
  }

  /**
   * Adds the fragment at the cursor. If it completes its datagram, cursor and packet are moved to the reassembled bytes
   * and the datagram's protocol is returned. Otherwise `Stop`, except for a first fragment that was snapped: its
   * datagram can never be complete, so its own headers are decoded.
   */
  add(cursor: Cursor, packet: Packet): number {
    if (!canCarryTcp(cursor.fragmentProtocol)) return Stop
    const { at, end } = cursor
    if (end < cursor.wireEnd) return snapped(cursor)
    const last = !cursor.moreFragments
    if (end - at < (last ? 1 : BLOCK)) {
      note(cursor, 'fragment-empty', `Fragment has less than a whole block of ${BLOCK} bytes`)
      return Stop
    }
    this.#dropExpired(cursor)
    const key = datagramKey(cursor, packet)
    let datagram = this.#open.get(key)
    if (datagram && cursor.time > datagram.expires) {
      this.#expire(cursor, key, datagram)
      datagram = undefined
    }
    if (!datagram) {
      datagram = new Datagram(addresses(packet), cursor.time + (packet.version === 4 ? TIMEOUT_V4 : TIMEOUT_V6))
      this.#open.set(key, datagram)
      this.#bytes += datagram.size
    }
    const before = datagram.size
    const added = datagram.add(cursor.bytes, at, end, cursor.fragmentOffset, last)
    if (added === Added.New || added === Added.Overlapping) {
      // A tunnel's own packet may have come in fragments, too.
      if (packet.reassembled) datagram.places.push(...packet.fragments)
      else datagram.places.push({ frame: cursor.frame, at: at - cursor.start, offset: cursor.fragmentOffset })
    }
    if (added >= Added.Overlapping) noteAdded(cursor, added)
    if (cursor.fragmentOffset === 0 && datagram.protocol < 0) datagram.protocol = cursor.fragmentProtocol
    this.#bytes += datagram.size - before
    if (!datagram.complete) {
      this.#makeRoom(cursor)
      return Stop
    }
    this.#remove(key, datagram)
    moveTo(datagram, cursor, packet)
    return datagram.protocol
  }

  #remove(key: string, datagram: Datagram): void {
    this.#open.delete(key)
    this.#bytes -= datagram.size
  }

  /** Drops the datagrams that have timed out by the clock of the capture, oldest first. */
  #dropExpired(cursor: Cursor): void {
    for (const [key, datagram] of this.#open) {
      if (cursor.time <= datagram.expires) return
      this.#expire(cursor, key, datagram)
    }
  }

  #expire(cursor: Cursor, key: string, datagram: Datagram): void {
    this.#remove(key, datagram)
    note(cursor, 'fragments-incomplete', 'Datagram was incomplete when its reassembly timed out')
  }

  #makeRoom(cursor: Cursor): void {
    for (const [key, datagram] of this.#open) {
      if (this.#open.size <= this.#maxDatagrams && this.#bytes <= this.#maxBytes) return
      this.#remove(key, datagram)
      note(
        cursor,
        'fragment-table-full',
        `More than ${this.#maxDatagrams} incomplete datagrams or ${this.#maxBytes} bytes of fragments`,
      )
    }
  }
}

/**
 * What identifies the fragments of one datagram (RFC 791 §3.2, RFC 8200 §4.5), and the VLAN, as in Wireshark: a mirror
 * port may see both sides of a router.
 */
function datagramKey(cursor: Cursor, packet: Packet): string {
  const protocol = packet.version === 4 ? cursor.fragmentProtocol : 0
  return String.fromCharCode(
    cursor.vlan,
    protocol,
    packet.identification >>> 16,
    packet.identification & 0xffff,
    ...addresses(packet),
  )
}

function addresses(packet: Packet): Uint8Array {
  const length = packet.version === 4 ? IPV4_LENGTH : IPV6_LENGTH
  const both = new Uint8Array(2 * length)
  both.set(packet.bytes.subarray(packet.sourceAt, packet.sourceAt + length))
  both.set(packet.bytes.subarray(packet.destinationAt, packet.destinationAt + length), length)
  return both
}

function moveTo(datagram: Datagram, cursor: Cursor, packet: Packet): void {
  cursor.bytes = datagram.buffer
  cursor.start = 0
  cursor.at = datagram.headerLength
  cursor.end = datagram.headerLength + datagram.payloadLength
  cursor.wireEnd = cursor.end
  packet.bytes = datagram.buffer
  packet.sourceAt = 0
  packet.destinationAt = datagram.headerLength / 2
  packet.reassembled = true
  packet.fragments = datagram.places
}

function snapped(cursor: Cursor): number {
  const missing = cursor.wireEnd - cursor.end
  note(
    cursor,
    'fragment-snapped',
    `Fragment was snapped by ${byteCount(missing)}, so its datagram cannot be reassembled`,
  )
  return cursor.fragmentOffset === 0 ? cursor.fragmentProtocol : Stop
}

function noteAdded(cursor: Cursor, added: Added): void {
  const where = `Fragment at payload offset ${cursor.fragmentOffset}`
  if (added === Added.Overlapping)
    note(cursor, 'fragment-overlap', `${where} overlaps earlier ones with the same bytes`)
  else if (added === Added.Conflicting)
    note(cursor, 'fragment-conflict', `${where} disagrees with earlier ones, which were kept`)
  else note(cursor, 'fragment-too-large', `${where} ends beyond the largest datagram`)
}

function note(cursor: Cursor, kind: string, message: string): void {
  cursor.anomalies.record(kind, cursor.frame, () => message)
}
