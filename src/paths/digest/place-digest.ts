import { Direction, type Endpoint, opposite } from '../../tcp/connection.js'
import { RowState } from '../../tcp/connection-rows.js'
import { ConnectionTable } from '../../tcp/connection-table.js'
import { AddressTable } from '../../tcp/address-table.js'
import { isFromResponder, type PortRoles } from '../../tcp/initiator.js'
import { addressText } from '../../wire/address.js'
import { type Packet, PacketKind, TcpFlag } from '../../wire/packet.js'
import { ControlPairs } from './control-pairs.js'
import type { DigestBudget } from './digest-budget.js'
import { Observation } from './observation.js'
import { OptionsDigest } from './options-digest.js'
import { hashBytes } from './payload-hash.js'
import { Mark, SegmentRow } from './segment-log.js'
import { isText } from './text-payload.js'

/** An identical packet within this time was captured twice (as in `src/tcp/duplicates.ts`). */
const DUPLICATE_NS = 5e6
/** Rows of the log that are searched for the same packet. */
const DUPLICATES_SEARCHED = 64
const MOST_CONNECTIONS = 1_000_000
const OPENS = TcpFlag.Syn | TcpFlag.Ack
/** Longer payload is not kept as text. */
const LONGEST_TEXT = 600
/** Senders of ICMP errors kept of one connection. */
const MOST_SENDERS = 16
/** A search for what can give way is repeated at once if it freed this share of the memory. */
const WORTHWHILE = 16
/** Memory of an observation without its packets. */
const OBSERVATION_BYTES = 512

/** Keeps of every TCP connection at one place what is needed to compare it with the same one elsewhere. */
export class PlaceDigest {
  readonly place: number
  /** Number of its first connection. */
  readonly firstStream: number
  readonly observations: Observation[] = []
  /** Connections of which nothing is kept, since the memory is used up. */
  forgotten = 0
  /** Time of the first and of the last packet of the place, whatever it was. */
  start = Infinity
  end = -Infinity
  readonly #budget: DigestBudget
  readonly #roles: PortRoles
  readonly #addresses = new AddressTable()
  readonly #table = new ConnectionTable(this.#addresses, MOST_CONNECTIONS)
  readonly #control: ControlPairs
  readonly #row = new SegmentRow()
  readonly #options = new OptionsDigest()
  #streams: number
  #sawOtherTraffic = false
  /** Number of observations from which on a search for what can give way is worth its time. */
  #nextSearch = 0

  constructor(place: number, roles: PortRoles, budget: DigestBudget, firstStream = 0) {
    this.place = place
    this.firstStream = firstStream
    this.#streams = firstStream
    this.#roles = roles
    this.#budget = budget
    this.#control = new ControlPairs(roles.responderPorts)
  }

  /** Connections numbered so far, with those of other places before it. */
  get streams(): number {
    return this.#streams
  }

  /** Whether anything besides control connections was captured: no filter left only those. */
  get sawOtherTraffic(): boolean {
    return this.#sawOtherTraffic
  }

  /** What the memory's limit left out: connections as a whole, and packets of others. */
  get lost(): { forgotten: number; dropped: number } {
    return { forgotten: this.forgotten, dropped: this.observations.reduce((sum, { log }) => sum + log.dropped, 0) }
  }

  /** Takes the next packet of the place. */
  packet(kind: PacketKind, packet: Packet): void {
    const { time } = packet
    if (time < this.start) this.start = time
    if (time > this.end) this.end = time
    if (kind === PacketKind.Tcp) this.#segment(packet)
    else if (kind === PacketKind.IcmpError) this.#icmpError(packet)
    else this.#sawOtherTraffic = true
  }

  #segment(packet: Packet): void {
    const table = this.#table
    const { bytes, sourceAt, sourcePort, destinationAt, destinationPort, version, flags } = packet
    let row = table.find(bytes, sourceAt, sourcePort, destinationAt, destinationPort, version)
    if (row < 0) row = this.#open(packet)
    else if ((flags & OPENS) === TcpFlag.Syn && this.#isReuse(packet, row)) this.#reopen(packet, row)
    if (row < 0) return
    const { direction } = table
    const seen = direction === Direction.FromInitiator ? RowState.InitiatorSeen : RowState.ResponderSeen
    if (!table.is(row, seen)) {
      table.set(row, seen)
      table.setSequence(row, direction, flags & TcpFlag.Syn ? packet.sequence : packet.sequence - 1)
    }
    const slot = table.followed(row)
    if (slot >= 0) this.#keep(this.observations[slot]!, packet, direction)
  }

  #icmpError(packet: Packet): void {
    const { bytes, quotedSourceAt, sourcePort, quotedDestinationAt, destinationPort, version } = packet
    const found = this.#table.find(bytes, quotedSourceAt, sourcePort, quotedDestinationAt, destinationPort, version)
    const slot = found < 0 ? -1 : this.#table.followed(found)
    if (slot < 0) return
    const observation = this.observations[slot]!
    const { icmpSenders } = observation
    const from = addressText(bytes, packet.sourceAt, version)
    let sender = icmpSenders.indexOf(from)
    if (sender < 0 && icmpSenders.length < MOST_SENDERS) sender = icmpSenders.push(from) - 1
    const row = this.#row
    fillAddressing(row, packet)
    row.sequence = packet.sequence
    row.acknowledgment = Math.max(0, sender)
    row.length = packet.icmpMtu
    row.window = (packet.icmpType << 8) | packet.icmpCode
    row.hash = row.timestamp = row.echo = row.flags = row.options = row.maximumSegmentSize = 0
    // It travels to the sender of the segment that it quotes.
    row.marks = Mark.Icmp | (opposite(this.#table.direction) === Direction.FromResponder ? Mark.FromResponder : 0)
    if (isCapturedTwice(observation, row)) observation.duplicates++
    else this.#add(observation, row, null)
  }

  #open(packet: Packet): number {
    const reversed = isFromResponder(packet, this.#roles) ?? false
    const addresses = this.#addresses
    const table = this.#table
    const source = addresses.intern(packet.bytes, packet.sourceAt, packet.version)
    const destination = addresses.intern(packet.bytes, packet.destinationAt, packet.version)
    const row = reversed
      ? table.add(destination, packet.destinationPort, source, packet.sourcePort)
      : table.add(source, packet.sourcePort, destination, packet.destinationPort)
    if (row < 0) return -1
    table.direction = reversed ? Direction.FromResponder : Direction.FromInitiator
    this.#begin(packet, row)
    return row
  }

  /** A SYN with another initial sequence number opens a new connection on the same ports, as Wireshark counts it. */
  #isReuse(packet: Packet, row: number): boolean {
    const table = this.#table
    const seen = table.direction === Direction.FromInitiator ? RowState.InitiatorSeen : RowState.ResponderSeen
    return table.is(row, seen) && table.sequence(row, table.direction) !== packet.sequence
  }

  #reopen(packet: Packet, row: number): void {
    const table = this.#table
    const source = this.#addresses.intern(packet.bytes, packet.sourceAt, packet.version)
    const destination = this.#addresses.intern(packet.bytes, packet.destinationAt, packet.version)
    table.reopen(row, source, packet.sourcePort, destination, packet.destinationPort)
    table.direction = Direction.FromInitiator
    this.#begin(packet, row)
  }

  #begin(packet: Packet, row: number): void {
    const table = this.#table
    const stream = this.#streams++
    table.begin(row, stream, packet.frame, packet.time)
    const isControl = this.#roles.responderPorts.has(table.responderPort(row))
    if (!isControl) this.#sawOtherTraffic = true
    const hasRoom = this.#budget.take(OBSERVATION_BYTES)
    if (!hasRoom && !(isControl && this.#giveWay() > 0 && this.#budget.take(OBSERVATION_BYTES))) {
      this.forgotten++
      table.follow(row, -1)
      return
    }
    const opened = (packet.flags & OPENS) === TcpFlag.Syn
    const { initiator, responder } = this.#endsOf(row)
    const observation = new Observation(this.place, stream, opened, initiator, responder, this.#budget)
    table.follow(row, this.observations.push(observation) - 1)
    this.#control.opened(observation)
  }

  #endsOf(row: number): { initiator: Endpoint; responder: Endpoint } {
    const table = this.#table
    return {
      initiator: { address: this.#addresses.text(table.initiator(row)), port: table.initiatorPort(row) },
      responder: { address: this.#addresses.text(table.responder(row)), port: table.responderPort(row) },
    }
  }

  #keep(observation: Observation, packet: Packet, direction: Direction): void {
    const row = this.#row
    const options = this.#options
    const { bytes, payloadStart, payloadEnd, payloadLength, flags } = packet
    options.read(packet)
    fillAddressing(row, packet)
    row.sequence = packet.sequence
    row.acknowledgment = packet.acknowledgment
    row.length = payloadLength
    row.hash = payloadLength > 0 ? hashBytes(bytes, payloadStart, payloadEnd) : options.sackHash
    row.timestamp = options.timestamp
    row.echo = options.echo
    row.window = packet.window
    row.flags = flags
    row.options = options.bits
    row.maximumSegmentSize = options.maximumSegmentSize
    const snapped = payloadEnd - payloadStart < payloadLength
    row.marks = (direction === Direction.FromResponder ? Mark.FromResponder : 0) | (snapped ? Mark.Snapped : 0)
    if (flags & TcpFlag.Syn) observation.initialSequences[direction] ??= packet.sequence
    if (isCapturedTwice(observation, row)) {
      observation.duplicates++
      return
    }
    const isKept = !snapped && payloadLength > 0 && payloadLength <= LONGEST_TEXT
    const text = isKept && isText(bytes, payloadStart, payloadEnd) ? bytes.subarray(payloadStart, payloadEnd) : null
    if (text && direction === Direction.FromResponder) this.#control.greeting(observation, text)
    this.#add(observation, row, text)
  }

  #add(observation: Observation, row: SegmentRow, text: Uint8Array | null): void {
    const { log } = observation
    const before = log.dropped
    log.add(row, text)
    if (log.dropped === before || log.bytes * 2 > this.#budget.perConnection) return
    // The memory of all is used up: connections between hosts that have no control connection give way.
    if (!this.#control.needs(observation) || this.#giveWay() === 0) return
    log.dropped = before
    log.add(row, text)
  }

  /** Bytes that were freed. */
  #giveWay(): number {
    // A search that found little is not repeated for every packet.
    if (this.observations.length < this.#nextSearch) return 0
    const before = this.#budget.used
    for (const observation of this.observations) {
      if (observation.log.size === 0 || this.#control.needs(observation)) continue
      observation.log.release()
      this.forgotten++
    }
    const freed = before - this.#budget.used
    this.#nextSearch = freed * WORTHWHILE < this.#budget.limit ? this.observations.length * 2 : 0
    return freed
  }
}

function fillAddressing(row: SegmentRow, packet: Packet): void {
  row.frame = packet.frame
  row.time = packet.time
  row.hopLimit = packet.hopLimit
  row.identification = packet.version === 4 ? packet.identification : 0
}

/**
 * Whether the same packet is in the log already, from another interface or mirror port. Packets that nothing tells from
 * a repeated one, as two RSTs in a row, have one copy each.
 */
function isCapturedTwice({ log, duplicates }: Observation, row: SegmentRow): boolean {
  // Without identification, acknowledgments of one another are alike; where everything comes twice, so do they.
  const isAnonymous = row.identification === 0 && row.length === 0 && (row.flags & (TcpFlag.Syn | TcpFlag.Fin)) === 0
  if (isAnonymous && duplicates * 2 < log.size) return false
  const direction = row.marks & Mark.FromResponder
  const least = Math.max(0, log.size - DUPLICATES_SEARCHED)
  for (let at = log.size - 1; at >= least && row.time - log.time(at) < DUPLICATE_NS; at--) {
    if (
      log.sequence(at) === row.sequence &&
      log.acknowledgment(at) === row.acknowledgment &&
      log.hash(at) === row.hash &&
      log.length(at) === row.length &&
      log.identification(at) === row.identification &&
      log.timestamp(at) === row.timestamp &&
      log.window(at) === row.window &&
      log.flags(at) === row.flags &&
      log.direction(at) === (direction as Direction) &&
      !(isAnonymous && log.isTwice(at))
    ) {
      log.markTwice(at)
      return true
    }
  }
  return false
}
