import { Analyzer, type AnalyzeOptions } from '../../src/index.js'
import type { Analysis, SessionReport, TransferReport } from '../../src/report/contract.js'
import { ByteWriter } from './byte-writer.js'
import type { Conversation } from './conversation.js'
import type { SendOptions } from './conversation-options.js'
import { hostPort } from './ftp-scene.js'
import type { Host } from './host.js'
import { Scene } from './scene.js'
import { type PeersOptions, type Speaker, TlsPeers } from './tls-peers.js'

/** A TCP connection under TLS whose TLS client is the FTP client, whoever opened it (RFC 4217 §7). */
export class TlsConversation {
  readonly conversation: Conversation
  readonly peers: TlsPeers
  readonly #hosts: Record<Speaker, Host>

  constructor(conversation: Conversation, peers: TlsPeers, client: Host, server: Host) {
    this.conversation = conversation
    this.peers = peers
    this.#hosts = { client, server }
  }

  handshake(): this {
    for (const { from, bytes } of this.peers.handshake()) this.raw(from, bytes)
    return this
  }

  /** Application data. */
  send(from: Speaker, content: string | Uint8Array, options: SendOptions = {}): this {
    return this.raw(from, this.peers.data(from, content), options)
  }

  /** Bytes as they are. */
  raw(from: Speaker, bytes: string | Uint8Array, options: SendOptions = {}): this {
    this.conversation.send(this.#hosts[from], bytes, options)
    return this
  }

  /** close_notify, and FINs of both. */
  close(from: Speaker): this {
    return this.raw(from, this.peers.closeNotify(from)).end(from)
  }

  /** FINs of both, without close_notify. */
  end(from: Speaker): this {
    this.conversation.close(this.#hosts[from])
    return this
  }
}

export interface FtpsOptions extends PeersOptions {
  /** Argument of AUTH; `null` for implicit TLS. */
  auth?: string | null
  protection?: 'P' | 'C' | null
}

/** An FTPS session with real records: login, and then as the script says. */
export class FtpsScene {
  readonly scene = new Scene()
  readonly client = this.scene.host('198.51.100.9')
  readonly server = this.scene.host('203.0.113.20', { hopLimit: 57 })
  control: TlsConversation
  readonly #options: FtpsOptions
  readonly #logged: TlsPeers[] = []
  #seed = 100
  #port = 40_001

  constructor(options: FtpsOptions = {}) {
    this.#options = options
    const { auth = 'TLS', protection = 'P' } = options
    const conversation = this.scene.connect(this.client, 40_000, this.server, auth === null ? 990 : 21)
    if (auth !== null) {
      conversation.server('220 ready\r\n')
      conversation.client(`AUTH ${auth}\r\n`).server('234 go on\r\n')
    }
    this.control = this.#under(conversation, this.#peers(options)).handshake()
    if (auth === null) this.control.send('server', '220 ready\r\n')
    this.ask('USER alice', '331 password').ask('PASS wonderland', '230 logged in')
    if (protection) this.ask('PBSZ 0', '200 ok').ask(`PROT ${protection}`, '200 ok')
  }

  /** A command under TLS, and its reply. */
  ask(command: string, reply: string): this {
    this.command(command)
    return this.reply(reply)
  }

  command(command: string): this {
    this.control.send('client', `${command}\r\n`)
    return this
  }

  reply(reply: string): this {
    this.control.send('server', `${reply}\r\n`)
    return this
  }

  /** PASV and the connection that it announces. */
  passive(port = this.#port + 9000): Conversation {
    this.ask('PASV', `227 Entering Passive Mode (${hostPort(this.server.address, port)}).`)
    return this.scene.connect(this.client, this.#port++, this.server, port)
  }

  /** PORT and the connection that it announces. */
  active(port = this.#port++): Conversation {
    this.ask(`PORT ${hostPort(this.client.address, port)}`, '200 ok')
    return this.scene.connect(this.server, 20, this.client, port)
  }

  /** TLS on a data connection, with its lines in the key log unless not `logged`. */
  secure(conversation: Conversation, options: PeersOptions & { logged?: boolean } = {}): TlsConversation {
    const { suite } = this.#options
    return this.#under(conversation, this.#peers({ ...(suite && { suite }), seed: this.#seed++, ...options }))
  }

  /** A transfer that works: PASV, command, TLS, content, close_notify. */
  transfer(
    command: string,
    content: string | Uint8Array,
    options: PeersOptions & { logged?: boolean; stated?: number } = {},
  ): TlsConversation {
    const upload = command.startsWith('STOR')
    const conversation = this.passive()
    const stated = options.stated === undefined ? '' : ` (${options.stated} bytes)`
    this.ask(command, `150 Opening data connection${stated}.`)
    const data = this.secure(conversation, options).handshake()
    data.send(upload ? 'client' : 'server', content).close(upload ? 'client' : 'server')
    this.reply('226 Transfer complete.')
    return data
  }

  quit(): this {
    this.ask('QUIT', '221 bye').control.close('server')
    return this
  }

  get keyLog(): string {
    return this.#logged.map(({ keyLog }) => keyLog).join('')
  }

  /** A capture with the key log in it: before all packets, after so many of them, or at the end. */
  toPcapng(after: number): Uint8Array {
    const capture = this.scene.toPcapng()
    const view = new DataView(capture.buffer, capture.byteOffset, capture.length)
    const secrets = secretsBlock(this.keyLog)
    let packets = -2
    let at = 0
    for (; at < capture.length && packets < after; at += view.getUint32(at + 4, true)) packets++
    return Buffer.concat([capture.subarray(0, at), secrets, capture.subarray(at)])
  }

  analysis(options: AnalyzeOptions = { keyLog: this.keyLog }): Analysis {
    return analysisOf(this.scene.toPcap(), options)
  }

  session(options?: AnalyzeOptions): SessionReport {
    return this.analysis(options).sessions[0]!
  }

  #peers(options: PeersOptions & { logged?: boolean }): TlsPeers {
    const peers = new TlsPeers(options)
    if (options.logged !== false) this.#logged.push(peers)
    return peers
  }

  #under(conversation: Conversation, peers: TlsPeers): TlsConversation {
    return new TlsConversation(conversation, peers, this.client, this.server)
  }
}

export function analysisOf(capture: Uint8Array, options: AnalyzeOptions = {}): Analysis {
  const analyzer = new Analyzer(options)
  analyzer.openFile('ftps.pcap')
  analyzer.push(capture)
  analyzer.closeFile()
  return analyzer.end()
}

export function transfersOf({ dataChannels }: SessionReport): (TransferReport | null)[] {
  return dataChannels.map(({ transfer }) => transfer)
}

/** A Decryption Secrets Block with a TLS key log (draft-ietf-opsawg-pcapng §4.7). */
function secretsBlock(keyLog: string): Uint8Array {
  const bytes = new TextEncoder().encode(keyLog)
  const padded = Math.ceil(bytes.length / 4) * 4
  return new ByteWriter(true)
    .u32(10, 20 + padded, 0x544c534b, bytes.length)
    .bytes(bytes)
    .zeros(padded - bytes.length)
    .u32(20 + padded)
    .result()
}
