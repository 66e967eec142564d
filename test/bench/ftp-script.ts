import type { Host, Network } from './network.js'
import type { Schedule, Script } from './schedule.js'
import { MICROSECOND, MILLISECOND, SECOND, TcpScript, type Trouble } from './tcp-script.js'
import type { SessionTruth } from './truth.js'

/** How the one transfer of a session goes. */
export type Fate = 'ok' | 'passive-unanswered' | 'passive-refused' | 'active-unanswered' | 'control-refused'

export interface FtpPlan {
  client: Host
  clientPort: number
  server: Host
  mode: 'active' | 'passive'
  fate: Fate
  bytes: number
  /** Nanoseconds between two packets of the transfer. */
  pace: number
  /** Nanoseconds that the client takes before a command. */
  pause: number
  vlan: number
  trouble: Trouble | null
}

/** The truth of a session that is made by the plan. */
export function truthOf(plan: FtpPlan): SessionTruth {
  const ok = plan.fate === 'ok'
  const attempted = plan.fate === 'control-refused' ? 0 : 1
  return {
    client: `${addressText(plan.client)}:${plan.clientPort}`,
    outcome: ok ? 'ok' : 'failed',
    attempted,
    completed: ok ? 1 : 0,
    failed: ok ? 0 : attempted,
    bytes: ok ? plan.bytes : 0,
  }
}

/** One FTP session with one download, as vsftpd and a command-line client talk. */
export function* ftpSession(network: Network, schedule: Schedule, plan: FtpPlan): Script {
  const { client, clientPort, server, fate, vlan } = plan
  const control = new TcpScript(network, client, clientPort, server, 21, vlan)
  if (fate === 'control-refused') {
    yield* control.refused()
    return
  }
  yield* control.open()
  yield* control.say(1, '220 (vsFTPd 3.0.5)\r\n')
  yield* exchange(control, 'USER anonymous', '331 Please specify the password.', plan.pause)
  yield* exchange(control, 'PASS guest@example.org', '230 Login successful.', plan.pause)
  yield* exchange(control, 'TYPE I', '200 Switching to Binary mode.', plan.pause)
  yield* plan.mode === 'passive' ? passive(network, control, plan) : active(network, schedule, control, plan)
  yield* exchange(control, 'QUIT', '221 Goodbye.', plan.pause)
  yield* control.close(1)
}

function* exchange(control: TcpScript, command: string, reply: string, pause: number): Script {
  if (pause > 0) yield pause
  yield* control.say(0, `${command}\r\n`, false)
  yield* control.say(1, `${reply}\r\n`)
}

function* passive(network: Network, control: TcpScript, plan: FtpPlan): Script {
  const { client, clientPort, server, fate, vlan } = plan
  const port = 30_000 + (clientPort & 0x3fff)
  // The server announces its address behind a translator: the connection goes there, and nobody answers.
  const target = fate === 'passive-unanswered' ? { address: Uint8Array.of(10, 0, 0, 21) } : server
  if (server.address.length === 16)
    yield* exchange(control, 'EPSV', `229 Entering Extended Passive Mode (|||${port}|)`, plan.pause)
  else yield* exchange(control, 'PASV', `227 Entering Passive Mode (${hostPort(target, port)}).`, plan.pause)
  const data = new TcpScript(network, client, clientPort === 65_535 ? 1024 : clientPort + 1, target, port, vlan)
  if (fate === 'passive-unanswered') yield* data.knock(4)
  else if (fate === 'passive-refused') yield* data.refused()
  else {
    yield* control.say(0, 'RETR file.bin\r\n', false)
    yield* data.open()
    yield* control.say(1, `150 Opening BINARY mode data connection for file.bin (${plan.bytes} bytes).\r\n`)
    yield* data.content(1, plan.bytes, plan.pace, plan.trouble)
    yield* data.close(1)
    yield* control.say(1, '226 Transfer complete.\r\n')
  }
}

function* active(network: Network, schedule: Schedule, control: TcpScript, plan: FtpPlan): Script {
  const { client, clientPort, server, vlan } = plan
  const port = clientPort === 65_535 ? 1024 : clientPort + 1
  if (client.address.length === 16)
    yield* exchange(control, `EPRT |2|${addressText(client)}|${port}|`, '200 EPRT command successful.', plan.pause)
  else
    yield* exchange(
      control,
      `PORT ${hostPort(client, port)}`,
      '200 PORT command successful. Consider using PASV.',
      plan.pause,
    )
  yield* control.say(0, 'RETR file.bin\r\n')
  const data = new TcpScript(network, server, 20, client, port, vlan)
  if (plan.fate === 'active-unanswered') {
    // The server goes on knocking while the reply to the command is still out.
    schedule.start(data.knock(4))
    yield 30 * SECOND
    yield* control.say(1, '425 Failed to establish connection.\r\n')
    return
  }
  yield* data.open()
  yield* control.say(1, `150 Opening BINARY mode data connection for file.bin (${plan.bytes} bytes).\r\n`)
  yield* data.content(0, plan.bytes, plan.pace, plan.trouble)
  yield* data.close(0)
  yield* control.say(1, '226 Transfer complete.\r\n')
}

/** A TCP connection that has nothing to do with FTP: a request and its answer over TLS's port. */
export function* otherConnection(
  network: Network,
  client: Host,
  clientPort: number,
  server: Host,
  exchanges: number,
): Script {
  const connection = new TcpScript(network, client, clientPort, server, 443)
  yield* connection.open()
  for (let i = 0; i < exchanges; i++) {
    yield* connection.content(0, 200 + ((clientPort * 7 + i) % 300), 100 * MICROSECOND)
    yield 2 * MILLISECOND
    yield* connection.content(1, 400 + ((clientPort * 13 + i * 977) % 5000), 100 * MICROSECOND)
    yield SECOND
  }
  yield* connection.close(0)
}

function hostPort({ address }: Host, port: number): string {
  return [...address, port >> 8, port & 0xff].join(',')
}

/** As reports print it; the IPv6 addresses here have nothing that RFC 5952 would shorten otherwise. */
function addressText({ address }: Host): string {
  if (address.length === 4) return address.join('.')
  const groups = Array.from({ length: 8 }, (_, i) => ((address[i * 2]! << 8) | address[i * 2 + 1]!).toString(16))
  return groups.join(':')
}
