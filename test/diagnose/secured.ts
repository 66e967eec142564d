/**
 * Sessions under TLS as the packets show them: hellos in the clear, then records of which only the lengths are known.
 */
import { ask, dial, reply, type FtpSession } from '../support/ftp-scene.js'
import { applicationData, clientFinished, clientHello, serverFlight } from '../support/tls-records.js'
import { clientFinish12, clientHello12, line12, serverFinish12, serverFlight12 } from '../support/tls12-records.js'

/** Lengths of command and reply lines: USER, PASS, PBSZ and PROT. */
export const LOGIN = [
  [12, 34],
  [17, 23],
  [8, 20],
  [8, 23],
] as const
/** The same for PASV with a 227. */
export const PASV = [6, 50] as const

/** What TLS 1.3 adds to a line: tag and content type. */
const ADDED13 = 17

/** AUTH TLS, accepted, and the handshake of TLS 1.3. */
export function secure13(session: FtpSession): void {
  ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
  session.control.client(clientHello())
  session.control.server(serverFlight())
  session.control.client(clientFinished())
}

/** The same with TLS 1.2, whose certificate is in the clear. */
export function secure12(session: FtpSession): void {
  ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
  session.control.client(clientHello12())
  session.control.server(serverFlight12())
  session.control.client(clientFinish12())
  session.control.server(serverFinish12())
}

/** Commands with their replies under TLS, by the lengths of the lines. */
export function talk13(session: FtpSession, ...lines: readonly (readonly [number, number])[]): void {
  for (const [command, answer] of lines) {
    session.control.client(applicationData(command + ADDED13))
    session.control.server(applicationData(answer + ADDED13))
  }
}

export function talk12(session: FtpSession, ...lines: readonly (readonly [number, number])[]): void {
  for (const [command, answer] of lines) {
    session.control.client(line12(command))
    session.control.server(line12(answer))
  }
}

/** A greeting alone: what `login` says passes under TLS. */
export function greet(session: FtpSession): void {
  reply(session, session.dialect.greeting, { think: 3 })
}

/** A data connection with a full handshake of TLS 1.2. */
export function dial12(session: FtpSession, port: number, hello = clientHello12()): ReturnType<typeof dial> {
  const data = dial(session, port)
  data.client(hello)
  data.server(serverFlight12())
  data.client(clientFinish12())
  data.server(serverFinish12())
  return data
}
