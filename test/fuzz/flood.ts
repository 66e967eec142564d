import { type Analysis, type AnalyzeOptions, Analyzer, type SessionReport } from '../../src/index.js'

export interface Segment {
  /** Last two bytes of 10.0.0.0/8 addresses; the server is 10.255.0.1 unless told otherwise. */
  from: number
  to: number
  fromPort: number
  toPort: number
  flags: number
  sequence: number
  acknowledgment?: number
  payload?: Uint8Array
}

export const SERVER = 0xff0001

export const Syn = 0x02
export const SynAck = 0x12
export const Ack = 0x18
export const FinAck = 0x11

const HEADERS = 14 + 20 + 20
const CHUNK = 1 << 18

/** Makes packets by the hundred thousand and pushes them into a reader of captures, without keeping any. */
export class Flood {
  readonly #push: (chunk: Uint8Array) => void
  readonly #chunk = new Uint8Array(CHUNK)
  readonly #view = new DataView(this.#chunk.buffer)
  #length = 24
  #microseconds = 0
  readonly #step: number

  /** `step` is the time between two packets in microseconds. */
  constructor(push: (chunk: Uint8Array) => void, step = 10) {
    this.#push = push
    this.#step = step
    this.#view.setUint32(0, 0xa1b2c3d4)
    this.#view.setUint32(4, 0x00020004)
    this.#view.setUint32(16, 262_144)
    this.#view.setUint32(20, 1)
  }

  wait(seconds: number): void {
    this.#microseconds += seconds * 1e6
  }

  send({ from, to, fromPort, toPort, flags, sequence, acknowledgment = 0, payload = NOTHING }: Segment): void {
    const length = HEADERS + payload.length
    if (this.#length + 16 + length > CHUNK) this.flush()
    const view = this.#view
    let at = this.#length
    this.#microseconds += this.#step
    view.setUint32(at, 1_700_000_000 + Math.floor(this.#microseconds / 1e6))
    view.setUint32(at + 4, this.#microseconds % 1e6)
    view.setUint32(at + 8, length)
    view.setUint32(at + 12, length)
    at += 16
    this.#chunk.fill(0, at, at + HEADERS)
    view.setUint16(at + 12, 0x0800)
    at += 14
    view.setUint16(at, 0x4500)
    view.setUint16(at + 2, length - 14)
    view.setUint16(at + 4, this.#microseconds & 0xffff)
    view.setUint16(at + 8, 0x4006)
    view.setUint32(at + 12, 0x0a000000 + from)
    view.setUint32(at + 16, 0x0a000000 + to)
    at += 20
    view.setUint16(at, fromPort)
    view.setUint16(at + 2, toPort)
    view.setUint32(at + 4, sequence)
    view.setUint32(at + 8, acknowledgment)
    view.setUint8(at + 12, 0x50)
    view.setUint8(at + 13, flags)
    view.setUint16(at + 14, 0xffff)
    this.#chunk.set(payload, at + 20)
    this.#length = at + 20 + payload.length
  }

  /** Pushes what has not been pushed yet. */
  flush(): void {
    this.#push(this.#chunk.subarray(0, this.#length))
    this.#length = 0
  }
}

export interface Flooded {
  analysis: Analysis
  sessions: number
  /** Of them, those that were handed out before the input ended. */
  beforeEnd: number
  last: SessionReport | null
  /** Kinds of anomalies. */
  anomalies: string[]
}

/** Analyses what `script` sends. */
export function flooded(script: (flood: Flood) => void, options: AnalyzeOptions = {}, step?: number): Flooded {
  let sessions = 0
  let last: SessionReport | null = null
  const analyzer = new Analyzer(options, {
    session(session) {
      sessions++
      last = session
    },
  })
  analyzer.openFile('flood.pcap')
  const flood = new Flood((chunk) => {
    analyzer.push(chunk)
  }, step)
  script(flood)
  flood.flush()
  const beforeEnd = sessions
  analyzer.closeFile()
  const analysis = analyzer.end()
  const anomalies = analysis.capture.anomalies.map(({ kind }) => kind)
  return { analysis, sessions, beforeEnd, last, anomalies }
}

const NOTHING = new Uint8Array(0)

/** A control connection of a flood: keeps the sequence numbers. */
export class Talk {
  readonly #flood: Flood
  readonly #client: number
  readonly #port: number
  readonly #serverPort: number
  readonly #next = { client: 1, server: 1 }

  constructor(flood: Flood, client: number, port: number, initialSequence = 0, serverPort = 21) {
    this.#flood = flood
    this.#client = client
    this.#port = port
    this.#serverPort = serverPort
    this.#next = { client: initialSequence, server: initialSequence }
    this.#send('client', Syn, NOTHING)
    this.#next.client++
    this.#send('server', SynAck, NOTHING)
    this.#next.server++
    this.#send('client', 0x10, NOTHING)
  }

  client(text: string | Uint8Array): this {
    return this.#send('client', Ack, typeof text === 'string' ? latin1(text) : text)
  }

  server(text: string | Uint8Array): this {
    return this.#send('server', Ack, typeof text === 'string' ? latin1(text) : text)
  }

  close(): this {
    return this.#send('client', FinAck, NOTHING).#send('server', FinAck, NOTHING)
  }

  #send(who: 'client' | 'server', flags: number, payload: Uint8Array): this {
    const client = who === 'client'
    this.#flood.send({
      from: client ? this.#client : SERVER,
      to: client ? SERVER : this.#client,
      fromPort: client ? this.#port : this.#serverPort,
      toPort: client ? this.#serverPort : this.#port,
      flags,
      sequence: this.#next[who] >>> 0,
      acknowledgment: flags === Syn ? 0 : this.#next[client ? 'server' : 'client'] >>> 0,
      payload,
    })
    this.#next[who] += payload.length + (flags & 1)
    return this
  }
}

/** In a plain loop: `Uint8Array.from` would take most of a flood's time. */
function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}
