import { bytesOf, type Speaker, TlsPeers } from '../support/tls-peers.js'
import type { FtpPlan } from './ftp-script.js'
import type { Network } from './network.js'
import type { Script } from './schedule.js'
import { MICROSECOND, TcpScript } from './tcp-script.js'

/** Of all sessions: what a client wrote for them. */
export interface KeyLog {
  lines: string
}

/** One passive FTPS session with one download, and the same in clear text without a key log. */
export function* ftpsSession(network: Network, plan: FtpPlan, number: number, keys: KeyLog | null): Script {
  const { client, clientPort, server, bytes, pace } = plan
  const port = 30_000 + (clientPort & 0x3fff)
  const control = new Talk(new TcpScript(network, client, clientPort, server, 21))
  yield* control.tcp.open()
  yield* control.say('server', '220 (vsFTPd 3.0.5)')
  if (keys) {
    yield* control.exchange('AUTH TLS', '234 Proceed with negotiation.')
    yield* control.secure(new TlsPeers({ seed: 2 * number }), keys)
  }
  yield* control.exchange('USER anonymous', '331 Please specify the password.')
  yield* control.exchange('PASS guest@example.org', '230 Login successful.')
  if (keys) {
    yield* control.exchange('PBSZ 0', '200 PBSZ set to 0.')
    yield* control.exchange('PROT P', '200 PROT now Private.')
  }
  yield* control.exchange('TYPE I', '200 Switching to Binary mode.')
  const tuple = [...server.address, port >> 8, port & 0xff].join(',')
  yield* control.exchange('PASV', `227 Entering Passive Mode (${tuple}).`)
  const data = new Talk(new TcpScript(network, client, clientPort + 1, server, port))
  yield* data.tcp.open()
  yield* control.exchange('RETR file.bin', `150 Opening data connection for file.bin (${bytes} bytes).`)
  if (keys) yield* data.secure(new TlsPeers({ seed: 2 * number + 1 }), keys)
  yield* data.send('server', bytesOf('content', bytes), pace)
  yield* data.end('server')
  yield* control.say('server', '226 Transfer complete.')
  yield* control.exchange('QUIT', '221 Goodbye.')
  yield* control.end('server')
}

/** A TCP connection, under TLS or not. */
class Talk {
  readonly tcp: TcpScript
  #peers: TlsPeers | null = null

  constructor(tcp: TcpScript) {
    this.tcp = tcp
  }

  *secure(peers: TlsPeers, keys: KeyLog): Script {
    for (const { from, bytes } of peers.handshake()) yield* this.tcp.stream(directionOf(from), bytes, 50 * MICROSECOND)
    this.#peers = peers
    keys.lines += peers.keyLog
  }

  *exchange(command: string, reply: string): Script {
    yield* this.say('client', command)
    yield* this.say('server', reply)
  }

  *say(from: Speaker, line: string): Script {
    yield* this.send(from, new TextEncoder().encode(`${line}\r\n`), 200 * MICROSECOND)
  }

  *send(from: Speaker, content: Uint8Array, pace: number): Script {
    yield* this.tcp.stream(directionOf(from), this.#peers?.data(from, content) ?? content, pace)
  }

  *end(from: Speaker): Script {
    if (this.#peers) yield* this.tcp.stream(directionOf(from), this.#peers.closeNotify(from), 50 * MICROSECOND)
    yield* this.tcp.close(directionOf(from))
  }
}

function directionOf(from: Speaker): 0 | 1 {
  return from === 'client' ? 0 : 1
}
