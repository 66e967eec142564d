import type { AttemptOptions } from './attempt.js'
import type { ConnectOptions, Data, SendOptions } from './conversation-options.js'
import type { Conversation } from './conversation.js'
import type { Host } from './host.js'
import type { Scene } from './scene.js'
import { vsftpd, type Dialect } from './server-dialects.js'

/** A control connection with what its script needs to continue. */
export interface FtpSession {
  readonly scene: Scene
  readonly control: Conversation
  readonly client: Host
  readonly server: Host
  readonly dialect: Dialect
  /** Client ports of data connections, counted up from the control connection's. */
  nextPort: number
}

export interface SessionOptions extends ConnectOptions {
  clientPort?: number
  serverPort?: number
  dialect?: Dialect
}

/** Opens a control connection, without greeting. */
export function ftpSession(scene: Scene, client: Host, server: Host, options: SessionOptions = {}): FtpSession {
  const { clientPort = 52_228, serverPort = 21, dialect = vsftpd } = options
  const control = scene.connect(client, clientPort, server, serverPort, options)
  return { scene, control, client, server, dialect, nextPort: clientPort + 1 }
}

/** A command and its reply, CRLF added. */
export function ask(session: FtpSession, command: string, reply: string, options: SendOptions = {}): void {
  session.control.client(`${command}\r\n`)
  session.control.server(`${reply}\r\n`, options)
}

/** A line of the client, CRLF added. */
export function command(session: FtpSession, line: string, options: SendOptions = {}): void {
  session.control.client(`${line}\r\n`, options)
}

/** A line or lines of the server, CRLF added. */
export function reply(session: FtpSession, lines: string, options: SendOptions = {}): void {
  session.control.server(`${lines}\r\n`, options)
}

/** The client's connection to an announced port of the server: a passive data connection that is established. */
export function dial(session: FtpSession, dataPort: number, options: ConnectOptions = {}): Conversation {
  return session.scene.connect(session.client, session.nextPort++, session.server, dataPort, options)
}

/** The client's attempt to connect to an announced port that fails; to the host `target`, if given. */
export function dialInVain(
  session: FtpSession,
  dataPort: number,
  options: AttemptOptions & { target?: Host } = {},
): Conversation {
  return session.scene.syn(session.client, session.nextPort++, options.target ?? session.server, dataPort, options)
}

/** The server's connection to an announced port of the client: an active data connection that is established. */
export function dialBack(
  session: FtpSession,
  clientPort: number,
  options: ConnectOptions & { from?: Host; fromPort?: number } = {},
): Conversation {
  const { from = session.server, fromPort = 20 } = options
  return session.scene.connect(from, fromPort, session.client, clientPort, options)
}

/** The server's attempt to connect to an announced port that fails. */
export function dialBackInVain(
  session: FtpSession,
  clientPort: number,
  options: AttemptOptions & { from?: Host; fromPort?: number; target?: Host } = {},
): Conversation {
  const { from = session.server, fromPort = 20, target = session.client } = options
  return session.scene.syn(from, fromPort, target, clientPort, options)
}

export interface LoginOptions {
  user?: string
  password?: string
  /** Replaces the dialect's greeting. */
  banner?: string
}

/** Greeting, USER and PASS, all accepted. */
export function login(session: FtpSession, options: LoginOptions = {}): void {
  const { user = 'alice', password = 'wonderland', banner = session.dialect.greeting } = options
  session.control.server(`${banner}\r\n`, { think: 3 })
  ask(session, `USER ${user}`, session.dialect.needPassword(user))
  ask(session, `PASS ${password}`, session.dialect.loggedIn(user), { think: 12 })
}

/** Six numbers of RFC 959's host-port. */
export function hostPort(address: string, port: number): string {
  return `${address.replaceAll('.', ',')},${port >> 8},${port & 0xff}`
}

/** PASV and a 227 with this address and port. */
export function pasv(session: FtpSession, port: number, address = session.server.address): void {
  ask(session, 'PASV', session.dialect.passive(hostPort(address, port)))
}

/** EPSV and its 229. */
export function epsv(session: FtpSession, port: number): void {
  ask(session, 'EPSV', session.dialect.extendedPassive(port))
}

/** PORT with this address and port, accepted unless another reply is given. */
export function port(
  session: FtpSession,
  clientPort: number,
  options: { address?: string; reply?: string } = {},
): void {
  const { address = session.client.address, reply = session.dialect.portAccepted('PORT') } = options
  ask(session, `PORT ${hostPort(address, clientPort)}`, reply)
}

/** EPRT with this address and port, accepted unless another reply is given. */
export function eprt(
  session: FtpSession,
  clientPort: number,
  options: { address?: string; reply?: string } = {},
): void {
  const { address = session.client.address, reply = session.dialect.portAccepted('EPRT') } = options
  ask(session, `EPRT |${address.includes(':') ? 2 : 1}|${address}|${clientPort}|`, reply)
}

export interface TransferOptions {
  /** How the data connection is announced; default PASV. */
  verb?: 'PASV' | 'EPSV' | 'PORT' | 'EPRT'
  /** Announced port; default 50005 passive, the client's next port active. */
  port?: number
  /** Path of the command; default `report.bin`, none for listings. */
  path?: string
  data?: Data
  /** Replaces the size stated in the 150. */
  statedBytes?: number
}

/** Announcement, data connection, RETR with all its replies: a download that works. */
export function retrieve(session: FtpSession, options: TransferOptions = {}): Conversation {
  const { path = 'report.bin' } = options
  return transfer(session, `RETR ${path}`, path, session.server, options.data ?? 2048, options)
}

/** The same for an upload with STOR. */
export function store(session: FtpSession, options: TransferOptions = {}): Conversation {
  const { path = 'report.bin' } = options
  return transfer(session, `STOR ${path}`, path, session.client, options.data ?? 2048, options)
}

export const LISTING =
  'drwxr-xr-x    2 1000     1000         4096 Feb 12 10:20 incoming\r\n' +
  '-rw-r--r--    1 1000     1000         2048 Feb 12 10:21 report.bin\r\n' +
  '-rw-r--r--    1 1000     1000          312 Jan 30 08:02 README\r\n'

/** The same for LIST. */
export function listing(session: FtpSession, options: TransferOptions = {}): Conversation {
  const command = options.path === undefined ? 'LIST' : `LIST ${options.path}`
  return transfer(session, command, '', session.server, options.data ?? LISTING, options)
}

/** LIST over a data connection that is already open. */
export function list(session: FtpSession, data: Conversation): void {
  ask(session, 'LIST', session.dialect.opening('', 0))
  data.send(session.server, LISTING).close(session.server)
  reply(session, session.dialect.listingComplete)
}

/** LIST, upon which the server connects to an announced port of the client. */
export function listBack(session: FtpSession, clientPort: number, options: Parameters<typeof dialBack>[2] = {}): void {
  command(session, 'LIST')
  const data = dialBack(session, clientPort, options)
  reply(session, session.dialect.opening('', 0))
  data.client(LISTING).close('client')
  reply(session, session.dialect.listingComplete)
}

/** A client has one server send a file to another, where it has a session as well (RFC 959 §5.2). */
export function exchange(sender: FtpSession, taker: FtpSession): void {
  const both = [sender, taker]
  for (const session of both) login(session)
  pasv(taker, 50_001)
  port(sender, 50_001, { address: taker.server.address })
  command(taker, 'STOR image.iso')
  command(sender, 'RETR image.iso')
  const data = sender.scene.connect(sender.server, 20, taker.server, 50_001)
  for (const session of both) reply(session, '150 Ok.')
  data.client(2048).close('client')
  for (const session of both) reply(session, '226 Done.')
  for (const session of both) quit(session)
}

/** QUIT, its reply, and the close of the control connection by the server. */
export function quit(session: FtpSession): void {
  ask(session, 'QUIT', session.dialect.goodbye)
  session.control.close('server')
}

function transfer(
  session: FtpSession,
  command: string,
  path: string,
  sender: Host,
  data: Data,
  options: TransferOptions,
): Conversation {
  const verb = options.verb ?? 'PASV'
  const active = verb === 'PORT' || verb === 'EPRT'
  const dataPort = options.port ?? (active ? session.nextPort++ : 50_005)
  let connection: Conversation
  if (active) {
    if (verb === 'PORT') port(session, dataPort)
    else eprt(session, dataPort)
    session.control.client(`${command}\r\n`)
    connection = session.scene.connect(session.server, 20, session.client, dataPort)
  } else {
    if (verb === 'PASV') pasv(session, dataPort)
    else epsv(session, dataPort)
    connection = session.scene.connect(session.client, session.nextPort++, session.server, dataPort)
    session.control.client(`${command}\r\n`)
  }
  const bytes = typeof data === 'number' ? data : data.length
  const { opening, receiving } = session.dialect
  const upload = sender === session.client
  session.control.server(`${upload ? receiving(path) : opening(path, options.statedBytes ?? bytes)}\r\n`)
  connection.send(sender, data).close(sender)
  session.control.server(`${path === '' ? session.dialect.listingComplete : session.dialect.complete}\r\n`)
  return connection
}
