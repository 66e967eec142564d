/**
 * One end of the control connections, a variant on each: `talker.ts client|server`. Prints what it received, variant by
 * variant.
 */
import { connect, createServer, type Socket } from 'node:net'
import { sleep } from '../shell.js'
import { ADDRESSES, clientPort, type Variant, VARIANTS } from './variants.js'

/** Between two segments of one variant: they must not leave as one. */
const BETWEEN_MS = 60
/** A dropped segment comes again after 0.2, 0.6 and 1.4 s, and is dropped again. */
const WATCHED_MS = 1500
/** Connections begin one behind the other, lest a burst be lost. */
const STAGGER_MS = 5

/** What the other end received of each variant's segments. */
const received: Record<number, string> = {}

class Lines {
  readonly #socket: Socket
  #text = ''
  #wake: () => void = () => undefined

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString('latin1')
      this.#wake()
    })
  }

  async line(): Promise<string> {
    for (;;) {
      const end = this.#text.indexOf('\n')
      if (end >= 0) {
        const line = this.#text.slice(0, end + 1)
        this.#text = this.#text.slice(end + 1)
        return line
      }
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  async say(...segments: readonly string[]): Promise<void> {
    for (const [index, segment] of segments.entries()) {
      if (index > 0) await sleep(BETWEEN_MS)
      this.#socket.write(segment, 'latin1')
    }
  }

  /** All that comes within the time of watching. */
  async watch(): Promise<string> {
    await sleep(WATCHED_MS)
    return this.#text
  }
}

async function serve(socket: Socket): Promise<void> {
  const lines = new Lines(socket)
  await lines.say('220 Tracker test\r\n')
  const index = Number(/^USER v(\d+)/.exec(await lines.line())?.[1])
  const variant = VARIANTS[index]!
  await lines.say('331 Password\r\n')
  await lines.line()
  await lines.say('230 Logged in\r\n')
  if (variant.by === 'server') {
    await lines.line()
    await lines.say(...variant.segments)
  } else received[index] = await lines.watch()
}

async function call(variant: Variant, index: number): Promise<Socket> {
  const { client, server } = ADDRESSES[variant.family]
  const socket = connect({ host: server, port: 21, localAddress: client, localPort: clientPort(index) })
  const lines = new Lines(socket)
  await lines.line()
  await lines.say(`USER v${index}\r\n`)
  await lines.line()
  await lines.say('PASS secret\r\n')
  await lines.line()
  if (variant.by === 'client') {
    await lines.say(...variant.segments)
    await lines.watch()
  } else {
    await lines.say(`${variant.asked ?? 'PASV'}\r\n`)
    received[index] = await lines.watch()
  }
  return socket
}

async function client(): Promise<void> {
  const calls: Promise<Socket>[] = []
  for (const [index, variant] of VARIANTS.entries()) {
    calls.push(call(variant, index))
    await sleep(STAGGER_MS)
  }
  const sockets = await Promise.all(calls)
  console.log(JSON.stringify(received))
  for (const socket of sockets) socket.resetAndDestroy()
}

function server(): void {
  const listener = createServer((socket) => {
    void serve(socket)
  })
  listener.listen({ host: '::', port: 21 }, () => {
    console.log('ready')
  })
  process.on('SIGTERM', () => {
    console.log(JSON.stringify(received))
    process.exit(0)
  })
}

if (process.argv[2] === 'server') server()
else await client()
