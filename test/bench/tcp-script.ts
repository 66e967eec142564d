import { Flag, type Host, type Network } from './network.js'
import type { Script } from './schedule.js'

export const MICROSECOND = 1000
export const MILLISECOND = 1e6
export const SECOND = 1e9
const SEGMENT = 1460
/** Content of every transfer: what it says does not matter, that it is not all the same does. */
const CONTENT = Uint8Array.from({ length: 1 << 16 }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 13) & 0xff)

/** What a capture of a bad network does to a transfer, as shares of its segments: each nth one. */
export interface Trouble {
  swapEach: number
  repeatEach: number
  fragmentEach: number
}

/** One TCP connection: its scripts send packets in both directions. */
export class TcpScript {
  readonly #network: Network
  readonly #ends: readonly [Host, Host]
  readonly #ports: readonly [number, number]
  readonly #next: [number, number]
  readonly #vlan: number

  constructor(network: Network, client: Host, clientPort: number, server: Host, serverPort: number, vlan = 0) {
    this.#network = network
    this.#ends = [client, server]
    this.#ports = [clientPort, serverPort]
    const number = ++network.connections
    this.#next = [Math.imul(number, 0x9e3779b1) >>> 0, Math.imul(number, 0x85ebca6b) >>> 0]
    this.#vlan = vlan
  }

  *open(roundTrip = MILLISECOND): Script {
    this.send(0, Flag.Syn)
    yield roundTrip
    this.send(1, Flag.Syn | Flag.Ack)
    yield roundTrip / 10
    this.send(0, Flag.Ack)
    yield roundTrip / 10
  }

  /** A SYN, and its repetitions, that nobody answers. */
  *knock(attempts: number): Script {
    for (let attempt = 0; attempt < attempts; attempt++) {
      this.send(0, Flag.Syn)
      this.#next[0]--
      yield SECOND * 2 ** attempt
    }
  }

  /** A SYN that is answered by RST. */
  *refused(): Script {
    this.send(0, Flag.Syn)
    yield MILLISECOND
    this.send(1, Flag.Rst | Flag.Ack)
    yield MILLISECOND
  }

  *say(direction: 0 | 1, text: string, acknowledged = true): Script {
    this.send(direction, Flag.Ack, new TextEncoder().encode(text))
    yield 200 * MICROSECOND
    if (acknowledged) this.send(direction === 0 ? 1 : 0, Flag.Ack)
    yield 300 * MICROSECOND
  }

  /** `length` bytes in full segments, each second one acknowledged. */
  *content(direction: 0 | 1, length: number, pace: number, trouble: Trouble | null = null): Script {
    let segment = 0
    let held: Uint8Array | null = null
    for (let done = 0; done < length;) {
      const size = Math.min(SEGMENT, length - done)
      const from = done % (CONTENT.length - SEGMENT)
      const payload = CONTENT.subarray(from, from + size)
      done += size
      segment++
      if (trouble && segment % trouble.swapEach === 1 && done < length) {
        held = payload
        continue
      }
      const fragmented = trouble !== null && segment % trouble.fragmentEach === 0
      if (held) {
        this.#next[direction] += held.length
        this.send(direction, Flag.Ack, payload, fragmented)
        yield 50 * MICROSECOND
        this.#next[direction] -= payload.length + held.length
        this.send(direction, Flag.Ack, held)
        this.#next[direction] += payload.length
        held = null
      } else this.send(direction, Flag.Ack, payload, fragmented)
      yield pace
      if (trouble && segment % trouble.repeatEach === 0) {
        yield 220 * MILLISECOND
        this.#next[direction] -= payload.length
        this.send(direction, Flag.Ack, payload)
        yield pace
      }
      if (segment % 2 === 0) {
        this.send(direction === 0 ? 1 : 0, Flag.Ack)
        yield pace
      }
    }
  }

  /** Bytes in full segments, each second one acknowledged. */
  *stream(direction: 0 | 1, bytes: Uint8Array, pace: number): Script {
    for (let at = 0, segment = 1; at < bytes.length; at += SEGMENT, segment++) {
      this.send(direction, Flag.Ack, bytes.subarray(at, at + SEGMENT))
      yield pace
      if (segment % 2 === 0 || at + SEGMENT >= bytes.length) this.send(direction === 0 ? 1 : 0, Flag.Ack)
    }
  }

  *close(first: 0 | 1): Script {
    const second = first === 0 ? 1 : 0
    this.send(first, Flag.Fin | Flag.Ack)
    yield 200 * MICROSECOND
    this.send(second, Flag.Fin | Flag.Ack)
    yield 200 * MICROSECOND
    this.send(first, Flag.Ack)
    yield 200 * MICROSECOND
  }

  send(direction: 0 | 1, flags: number, payload?: Uint8Array, fragmented = false): void {
    const peer = direction === 0 ? 1 : 0
    const network = this.#network
    network.vlan = this.#vlan
    network.segment(
      this.#ends[direction],
      this.#ports[direction],
      this.#ends[peer],
      this.#ports[peer],
      this.#next[direction] >>> 0,
      flags & Flag.Ack ? this.#next[peer] >>> 0 : 0,
      flags,
      payload,
      fragmented,
    )
    const one = flags & (Flag.Syn | Flag.Fin) ? 1 : 0
    this.#next[direction] = (this.#next[direction] + (payload?.length ?? 0) + one) >>> 0
  }
}
