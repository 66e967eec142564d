/** A small FTP server that can be told to misbehave: usage scripted.ts SETTINGS.json */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { basename, join } from 'node:path'
import { sleep } from '../shell.js'
import type { Answer, Reply, ServerScript } from './script.js'

interface Settings {
  readonly address: string
  readonly port: number
  readonly passiveRange: readonly [number, number]
  readonly home: string
  readonly script: ServerScript
}

const settings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Settings
const { script } = settings
const ports = [...(script.ports ?? [])]
let nextPassive = settings.passiveRange[0]

class Control {
  readonly #socket: Socket
  readonly #used = new Map<string, number>()
  #listener: Server | undefined
  #data: Promise<Socket> | undefined
  #restart = 0

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    void this.#serve()
  }

  async #serve(): Promise<void> {
    const greeting = script.greeting === undefined ? '220 Scripted FTP server ready.' : script.greeting
    for (const answer of Array.isArray(greeting) ? (greeting as Answer[]) : [greeting as Answer])
      await this.#answer(answer)
    let pending = ''
    for await (const chunk of this.#socket as AsyncIterable<Buffer>) {
      pending += chunk.toString('latin1')
      for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
        const line = pending.slice(0, end).replace(/\r$/, '')
        pending = pending.slice(end + 1)
        console.log(`> ${line}`)
        await this.#command(line)
      }
    }
  }

  async #command(line: string): Promise<void> {
    const [verb = '', ...rest] = line.split(' ')
    const name = verb.toUpperCase().replace(/[^A-Z]/g, '')
    const argument = rest.join(' ')
    const scripted = this.#scripted(name)
    if (scripted !== undefined) await this.#answer(scripted)
    else await this.#usual(name, argument)
  }

  #scripted(name: string): Answer | undefined {
    const entry = script.replies?.[name]
    if (!Array.isArray(entry)) return entry as Answer | undefined
    const used = this.#used.get(name) ?? 0
    this.#used.set(name, used + 1)
    return entry[Math.min(used, entry.length - 1)] as Answer
  }

  async #usual(name: string, argument: string): Promise<void> {
    const path = join(settings.home, basename(argument))
    switch (name) {
      case 'PASV':
        return this.#answer('227 Entering Passive Mode ({tuple}).')
      case 'EPSV':
        return this.#answer('229 Entering Extended Passive Mode (|||{port}|).')
      case 'PORT':
      case 'EPRT':
        this.#data = undefined
        this.#dial(argument)
        return this.#answer(`200 ${name} command successful.`)
      case 'REST':
        this.#restart = Number(argument)
        return this.#answer(`350 Restarting at ${argument}.`)
      case 'SIZE':
        return this.#answer(size(path) < 0 ? '550 No such file.' : `213 ${size(path)}`)
      case 'LIST':
      case 'NLST':
      case 'MLSD':
        return this.#send(Buffer.from(readdirSync(settings.home).join('\r\n') + '\r\n'), 'directory listing')
      case 'RETR':
        if (size(path) < 0) return this.#answer('550 No such file.')
        return this.#send(readFileSync(path).subarray(this.#restart), `${basename(argument)} (${size(path)} bytes)`)
      case 'STOR':
        return this.#receive(path)
      case 'QUIT':
        return this.#answer({ text: '221 Goodbye.', then: 'close' })
    }
    return this.#answer(USUAL[name] ?? '502 Command not implemented.')
  }

  #dial(argument: string): void {
    const numbers = argument.split(',').map(Number)
    const parts = argument.split(argument[0] ?? '|')
    const host = numbers.length === 6 ? numbers.slice(0, 4).join('.') : (parts[2] ?? '')
    const port = numbers.length === 6 ? (numbers[4] ?? 0) * 256 + (numbers[5] ?? 0) : Number(parts[3])
    const { address = settings.address, port: localPort = 20 } = script.activeFrom ?? {}
    this.#connect = () => connect({ host, port, localAddress: address, localPort })
  }

  #connect: (() => Socket) | undefined

  async #open(): Promise<Socket | undefined> {
    const dial = this.#connect
    this.#connect = undefined
    if (dial) {
      return new Promise((resolve) => {
        const socket = dial()
        socket.once('connect', () => {
          resolve(socket)
        })
        socket.once('error', () => {
          resolve(undefined)
        })
      })
    }
    return this.#data
  }

  async #send(content: Buffer, what: string): Promise<void> {
    const { stopAfter, end = 'close', final, finalFirst = false, pauseMs = 0 } = script.data ?? {}
    if (!this.#connect && !this.#data) return this.#answer('425 Use PORT or PASV first.')
    await this.#answer(`150 Opening BINARY mode data connection for ${what}.`)
    const socket = await this.#open()
    if (!socket) return this.#answer('425 Failed to establish connection.')
    const last: Answer = final === undefined ? '226 Transfer complete.' : final
    if (finalFirst) {
      await this.#answer(last)
      await sleep(pauseMs)
    }
    socket.write(content.subarray(0, stopAfter))
    if (end === 'close') socket.end()
    else if (end === 'reset') {
      await sleep(200)
      socket.resetAndDestroy()
    }
    if (!finalFirst) {
      await sleep(pauseMs)
      await this.#answer(last)
    }
    this.#done()
  }

  async #receive(path: string): Promise<void> {
    if (!this.#connect && !this.#data) return this.#answer('425 Use PORT or PASV first.')
    await this.#answer('150 Ok to send data.')
    const socket = await this.#open()
    if (!socket) return this.#answer('425 Failed to establish connection.')
    const chunks: Buffer[] = []
    for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk)
    writeFileSync(path, Buffer.concat(chunks))
    await this.#answer(script.data?.final ?? '226 Transfer complete.')
    this.#done()
  }

  #done(): void {
    this.#listener?.close()
    this.#listener = undefined
    this.#data = undefined
    this.#restart = 0
  }

  #listen(): Promise<number> {
    this.#listener?.close()
    this.#connect = undefined
    const port = ports.shift() ?? nextPassive++
    const server = createServer()
    this.#listener = server
    this.#data = new Promise((resolve) => {
      server.once('connection', (socket) => {
        socket.on('error', () => undefined)
        resolve(socket)
      })
    })
    return new Promise((resolve) => {
      server.listen(port, settings.address.includes(':') ? '::' : settings.address, () => {
        resolve(port)
      })
    })
  }

  async #answer(answer: Answer): Promise<void> {
    if (answer === null) return
    const reply: Reply = typeof answer === 'string' ? { text: answer } : answer
    if (reply.delayMs !== undefined) await sleep(reply.delayMs)
    if (reply.text !== undefined) {
      const bytes = Buffer.from((await this.#fill(reply.text)) + (reply.exact === true ? '' : '\r\n'), 'latin1')
      console.log(`< ${bytes.toString('latin1').trimEnd()}`)
      if (reply.splitAt !== undefined) {
        this.#socket.write(bytes.subarray(0, reply.splitAt))
        await sleep(50)
        this.#socket.write(bytes.subarray(reply.splitAt))
      } else if (reply.byteGapMs === undefined) this.#socket.write(bytes)
      else {
        for (const byte of bytes) {
          this.#socket.write(Buffer.of(byte))
          await sleep(reply.byteGapMs)
        }
      }
    }
    if (reply.then === 'close') this.#socket.end()
    if (reply.then === 'reset') {
      await sleep(100)
      this.#socket.resetAndDestroy()
    }
  }

  async #fill(text: string): Promise<string> {
    if (!/\{(tuple|port)\}/.test(text)) return text
    const port = (await this.#listen()) + (script.portOffset ?? 0)
    const address = script.announce ?? settings.address
    const tuple = `${address.replaceAll('.', ',')},${port >> 8},${port & 255}`
    return text.replaceAll('{tuple}', tuple).replaceAll('{port}', `${port}`).replaceAll('{address}', address)
  }
}

function size(path: string): number {
  try {
    return statSync(path).size
  } catch {
    return -1
  }
}

const USUAL: Readonly<Record<string, string>> = {
  USER: '331 Please specify the password.',
  PASS: '230 Login successful.',
  SYST: '215 UNIX Type: L8',
  TYPE: '200 Type set.',
  PWD: '257 "/" is the current directory.',
  CWD: '250 Directory changed.',
  NOOP: '200 Ok.',
  ABOR: '226 Abort successful.',
  FEAT: '211-Features:\r\n EPSV\r\n PASV\r\n SIZE\r\n211 End',
  OPTS: '200 Ok.',
  CLNT: '200 Ok.',
}

createServer((socket) => new Control(socket)).listen(
  settings.port,
  settings.address.includes(':') ? '::' : settings.address,
)
