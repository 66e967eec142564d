import { u16be } from '../../bytes/read.js'
import { type Packet, TcpFlag } from '../../wire/packet.js'
import { OptionBit, OptionsDigest } from '../digest/options-digest.js'
import { hashBytes } from '../digest/payload-hash.js'
import { CommonValues, isArbitrary } from './common-values.js'
import { keyOf, mix } from './key.js'
import { KeySketch } from './key-sketch.js'

/**
 * Keys of what a host sends once only, in ascending order: by one of them a file is recognized in another one. What a
 * host repeats when it is lost has no key, since a file may begin with the repetition.
 */
export type Fingerprint = Float64Array

/** Keys kept of a file: of control connections, of all others. */
const MOST_OF_CONTROL = 2048
const MOST_OF_OTHERS = 1024
/** FTP and FTP with implicit TLS. */
const CONTROL_PORTS: readonly number[] = [21, 990]
/** Longer payload is not a message of a control connection. */
const LONGEST_MESSAGE = 512
const CRLF = 0x0d0a
const OPENS = TcpFlag.Syn | TcpFlag.Ack
const SLOTS = 4096

/** The kinds of keys. */
const Of = { Handshake: 1, Timestamps: 2, Stamped: 3, Repeated: 4, Message: 5, Dialogue: 6 } as const

/** Collects the fingerprint of a file from its packets, in memory of fixed size. */
export class FingerprintBuilder {
  readonly #control = new KeySketch(MOST_OF_CONTROL)
  readonly #others = new KeySketch(MOST_OF_OTHERS)
  readonly #common = new CommonValues()
  readonly #options = new OptionsDigest()
  /** SYNs by sequence number: that, TSval, identification. */
  readonly #syns = new Uint32Array(SLOTS * 3)
  /** SYN,ACKs by what the next segment of the initiator carries: sequence number, acknowledgment. */
  readonly #answers = new Uint32Array(SLOTS * 2)
  /** Messages by what the answer carries: sequence number, acknowledgment; their hash, and that of the one before. */
  readonly #messages = new Uint32Array(SLOTS * 4)

  /** Takes the next TCP segment. */
  segment(packet: Packet): void {
    const { flags } = packet
    if (flags & TcpFlag.Syn) this.#opening(packet)
    else if (flags & TcpFlag.Ack && (flags & TcpFlag.Rst) === 0) {
      this.#acknowledgment(packet)
      if (isMessage(packet)) this.#message(packet)
    }
  }

  get fingerprint(): Fingerprint {
    const isCommon = (value: number): boolean => this.#common.has(value)
    return Float64Array.from([...this.#control.keys(isCommon), ...this.#others.keys(isCommon)]).sort()
  }

  #opening(packet: Packet): void {
    const { sequence, acknowledgment, flags, identification } = packet
    const options = this.#options
    options.read(packet)
    const timestamp = (options.bits & OptionBit.Timestamps) !== 0 ? options.timestamp : 0
    const endpoints = endpointsOf(packet)
    this.#common.note(sequence, endpoints)
    if (timestamp !== 0) this.#common.note(timestamp, endpoints)
    const sketch = this.#sketchFor(packet)
    const opens = flags & OPENS
    // A SYN that is sent again has another TSval (RFC 7323 §3).
    if (isArbitrary(sequence) && isArbitrary(timestamp))
      sketch.add(keyOf(Of.Stamped | (opens << 8), sequence, timestamp, 0), sequence, timestamp)
    if (opens === TcpFlag.Syn) this.#syn(sketch, sequence, timestamp, identification)
    else this.#answer(sketch, sequence, acknowledgment, timestamp)
  }

  #syn(sketch: KeySketch, sequence: number, timestamp: number, identification: number): void {
    const syns = this.#syns
    const at = slotOf(sequence) * 3
    const before = syns[at] === sequence ? syns[at + 2]! : 0
    // Sent again, as its sender counts identifications; those of a scanner are all the same.
    if (before !== 0 && identification !== 0 && before !== identification && isArbitrary(sequence))
      sketch.add(keyOf(Of.Repeated, sequence, before, identification), sequence)
    syns[at] = sequence
    syns[at + 1] = timestamp
    syns[at + 2] = identification
  }

  #answer(sketch: KeySketch, sequence: number, acknowledgment: number, timestamp: number): void {
    const syn = (acknowledgment - 1) >>> 0
    const at = slotOf(syn) * 3
    if (this.#syns[at] !== syn) return
    const asked = this.#syns[at + 1]!
    // Timestamps pass a firewall that changes sequence numbers.
    if (isArbitrary(syn) && isArbitrary(sequence) && isArbitrary(asked) && isArbitrary(timestamp))
      sketch.add(keyOf(Of.Timestamps, asked, timestamp, 0), asked, timestamp)
    const next = (sequence + 1) >>> 0
    const slot = slotOf(acknowledgment ^ next) * 2
    this.#answers[slot] = acknowledgment
    this.#answers[slot + 1] = next
  }

  /** A handshake that was completed in one file is not completed again in the next. */
  #acknowledgment(packet: Packet): void {
    const { sequence, acknowledgment } = packet
    const answers = this.#answers
    const at = slotOf(sequence ^ acknowledgment) * 2
    if (answers[at] !== sequence || answers[at + 1] !== acknowledgment) return
    answers[at] = answers[at + 1] = 0
    const [first, second] = [(sequence - 1) >>> 0, (acknowledgment - 1) >>> 0]
    if (!isArbitrary(first) || !isArbitrary(second)) return
    this.#sketchFor(packet).add(keyOf(Of.Handshake, first, second, 0), first, second)
  }

  #message(packet: Packet): void {
    const { bytes, payloadStart, payloadEnd, payloadLength, sequence, acknowledgment } = packet
    if (!isArbitrary(sequence) || !isArbitrary(acknowledgment)) return
    const sketch = this.#sketchFor(packet)
    const options = this.#options
    const hash = hashBytes(bytes, payloadStart, payloadEnd)
    options.read(packet)
    const { timestamp, echo } = options
    if (isArbitrary(timestamp) && isArbitrary(echo)) sketch.add(keyOf(Of.Message, hash, timestamp, echo))
    const messages = this.#messages
    const at = slotOf(sequence ^ acknowledgment) * 4
    const isAnswer = messages[at] === sequence && messages[at + 1] === acknowledgment
    const [asked, before] = isAnswer ? [messages[at + 2]!, messages[at + 3]!] : [0, 0]
    const own = mix(hash, sequence)
    // Of three that answer each other at most the last is sent again.
    if (before !== 0) sketch.add(keyOf(Of.Dialogue, before, asked, own))
    const next = (sequence + payloadLength) >>> 0
    const slot = slotOf(acknowledgment ^ next) * 4
    messages[slot] = acknowledgment
    messages[slot + 1] = next
    messages[slot + 2] = own
    messages[slot + 3] = asked
  }

  #sketchFor(packet: Packet): KeySketch {
    return isOfControl(packet) ? this.#control : this.#others
  }
}

/** Whether it may be a command or a reply: of a known control port, or a line. */
function isMessage(packet: Packet): boolean {
  const { bytes, payloadStart, payloadEnd, payloadLength } = packet
  if (payloadLength < 2 || payloadLength > LONGEST_MESSAGE || payloadEnd - payloadStart < payloadLength) return false
  return isOfControl(packet) || u16be(bytes, payloadEnd - 2) === CRLF
}

function isOfControl({ sourcePort, destinationPort }: Packet): boolean {
  return CONTROL_PORTS.includes(sourcePort) || CONTROL_PORTS.includes(destinationPort)
}

function slotOf(value: number): number {
  return Math.imul(value, 0x9e3779b1) >>> 20
}

/** A hash of both ends, never 0. */
function endpointsOf(packet: Packet): number {
  const { bytes, sourceAt, destinationAt, version, sourcePort, destinationPort } = packet
  const length = version === 6 ? 16 : 4
  const source = hashBytes(bytes, sourceAt, sourceAt + length)
  const destination = hashBytes(bytes, destinationAt, destinationAt + length)
  return mix(mix(source, destination), (sourcePort << 16) | destinationPort) || 1
}
