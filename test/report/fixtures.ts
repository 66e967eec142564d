/** Analyses made by hand, in the form that the analyzer returns. */
import type {
  Analysis,
  CauseReport,
  DataChannelReport,
  ExchangeReport,
  FindingReport,
  Outcome,
  PacketReport,
  SessionReport,
} from '../../src/report/contract.js'

export function reply(frame: number, code: number, text: string): ExchangeReport['replies'][number] {
  return { frame, time: time(frame), code, text }
}

/** One frame every tenth of a second. */
export function time(frame: number): string {
  const at = new Date(Date.UTC(2026, 2, 1, 10, 0, 0) + (frame - 1) * 100)
  return at.toISOString().replace('Z', '250Z')
}

export function exchange(
  frame: number,
  command: string | null,
  argument: string | null,
  ...replies: ExchangeReport['replies']
): ExchangeReport {
  return { frame, time: time(frame), command, argument, replies, latencyMs: replies.length === 0 ? null : 100 }
}

/** Its members are in the order of the JSON. */
export function finding({ id, ...part }: Partial<FindingReport> & { id: string }): FindingReport {
  return {
    id,
    facts: { kind: 'something' },
    severity: 'error',
    confidence: 'high',
    title: 'Something is wrong',
    message: 'Something is wrong here.',
    side: 'server',
    evidence: [{ frame: 1, note: 'as seen here' }],
    remedy: ['change it'],
    references: ['RFC 959 §3.2'],
    rivals: [],
    dataChannel: null,
    ...part,
  }
}

export function packet(
  frame: number,
  from: PacketReport['from'],
  kind: PacketReport['kind'],
  part: Partial<PacketReport> = {},
): PacketReport {
  return { frame, time: time(frame), from, kind, note: null, lost: false, ...part }
}

export function channel(part: Partial<DataChannelReport> = {}): DataChannelReport {
  return {
    id: 1,
    mode: 'passive',
    verb: 'PASV',
    announcement: { frame: 8, address: '203.0.113.20', port: 50005 },
    from: { address: '10.1.0.2', port: 52229 },
    to: { address: '203.0.113.20', port: 50005 },
    state: 'established',
    match: 'announced',
    connection: {
      tcpStream: 1,
      communityId: '1:mHJZrWH1Mbsfc1mXBcT3xUcXJXA=',
      synFrame: 9,
      lastFrame: 20,
      attempts: 1,
      rttMs: 0.4,
      bytes: 4096,
      retransmissions: 0,
      missingBytes: 0,
      closedBy: 'server',
      packets: [packet(9, 'client', 'syn'), packet(10, 'server', 'syn-ack'), packet(11, 'client', 'ack')],
      rate: { start: time(12), intervalMs: 1, bytes: [1024, 0, 3072] },
    },
    transfer: {
      frame: 8,
      start: time(8),
      end: time(20),
      command: 'RETR',
      path: 'report.pdf',
      direction: 'download',
      representation: 'image',
      restartAt: 0,
      bytes: 4096,
      expectedBytes: 4096,
      durationMs: 12.5,
      firstByteMs: 1.5,
      bytesPerSecond: 327680,
      outcome: 'completed',
      reply: { code: 226, text: 'Transfer complete.' },
    },
    ...part,
  }
}

export function session(part: Partial<SessionReport> = {}): SessionReport {
  return {
    id: 1,
    tcpStream: 0,
    communityId: '1:wCb3OG7yAFWelaUydu0D+125CLM=',
    client: { address: '10.1.0.2', port: 52228 },
    server: { address: '203.0.113.20', port: 21 },
    start: time(1),
    end: time(30),
    durationMs: 2900,
    firstFrame: 1,
    lastFrame: 30,
    control: {
      state: 'established',
      closedBy: 'client',
      rttMs: 0.5,
      retransmissions: 0,
      packets: [packet(1, 'client', 'syn')],
    },
    vantage: { at: 'client', confidence: 'high', reasons: ["the client's TTL of 64 has not been decremented"] },
    serverSoftware: 'vsftpd 3.0.3',
    clientSoftware: null,
    user: 'alice',
    login: 'accepted',
    security: 'none',
    decrypted: false,
    exchanges: [
      exchange(4, null, null, reply(4, 220, '(vsFTPd 3.0.3)')),
      exchange(5, 'USER', 'alice', reply(6, 331, 'Please specify the password.')),
      exchange(7, 'PASS', '***', reply(8, 230, 'Login successful.')),
      exchange(21, 'QUIT', null, reply(22, 221, 'Goodbye.')),
    ],
    otherProtocol: null,
    middlebox: null,
    latency: {
      commands: 3,
      medianMs: 100,
      maxMs: 100,
      greetingMs: 0.4,
      slowest: [{ frame: 5, command: 'USER', latencyMs: 100 }],
      sentence: 'Median reply time of 3 commands: 100 ms. Slowest reply: USER after 100 ms (#5).',
    },
    dataChannels: [channel()],
    findings: [],
    verdict: {
      outcome: 'ok',
      cause: null,
      why: null,
      confidence: 'high',
      sentence: 'The session worked: login accepted, transfers completed: 1 of 1.',
      settledBy: null,
      ticket: null,
    },
    transfers: { attempted: 1, completed: 1, failed: 0 },
    ...part,
  }
}

/** The session of the classic ticket: the server behind NAT announces its private address. */
export function failingSession(part: Partial<SessionReport> = {}): SessionReport {
  const sentence =
    'The server told the client to connect to 10.0.0.21:50005, a private address behind its NAT; no answer was ' +
    'captured.'
  return session({
    middlebox: 'translator',
    dataChannels: [
      channel({
        announcement: { frame: 41, address: '10.0.0.21', port: 50005 },
        to: { address: '10.0.0.21', port: 50005 },
        state: 'unanswered',
        connection: { ...channel().connection!, attempts: 3, rttMs: null, bytes: 0, closedBy: 'none' },
        transfer: { ...channel().transfer!, command: 'LIST', path: null, outcome: 'failed', bytes: null, reply: null },
      }),
    ],
    findings: [
      finding({
        id: 'cleartext-credentials',
        severity: 'warning',
        title: 'Password sent in clear text',
        message: 'USER and PASS were sent without TLS.',
        side: 'client',
        evidence: [{ frame: 7, note: 'PASS ***' }],
      }),
      finding({
        id: 'passive-private-address',
        title: 'Server announces a private address',
        message: sentence,
        evidence: [
          { frame: 41, note: '227 Entering Passive Mode (10,0,0,21,195,85). control peer is 203.0.113.20' },
          { frame: 42, note: 'SYN to 10.0.0.21:50005, no answer for 7.0 s' },
          { frame: 47, note: 'SYN to 10.0.0.21:50005, no answer for 7.0 s' },
          { frame: 55, note: 'SYN to 10.0.0.21:50005, no answer for 7.0 s' },
        ],
        remedy: [
          'on the server (vsftpd 3.0.3): pasv_address=203.0.113.20, pasv_min_port=…, pasv_max_port=…',
          'or on the client: EPSV, or ignore the announced address (lftp: set ftp:fix-pasv-address yes)',
        ],
        rivals: ['passive-port-unanswered'],
        dataChannel: 1,
      }),
    ],
    verdict: {
      outcome: 'failed',
      cause: 'passive-private-address',
      why: 'Server announces a private address',
      confidence: 'high',
      sentence,
      settledBy: null,
      ticket: sentence,
    },
    transfers: { attempted: 1, completed: 0, failed: 1 },
    ...part,
  })
}

export function analysis(sessions: SessionReport[], part: Partial<Analysis> = {}): Analysis {
  const having = (outcome: Outcome): number => sessions.filter(({ verdict }) => verdict.outcome === outcome).length
  const total = (count: 'attempted' | 'completed' | 'failed'): number =>
    sessions.reduce((sum, { transfers }) => sum + transfers[count], 0)
  const findings = sessions.flatMap((each) => each.findings)
  const severe = (severity: FindingReport['severity']): number =>
    findings.filter((each) => each.severity === severity).length
  return {
    schema: 'ftpscope/1',
    tool: { name: 'ftpscope', version: '0.1.0' },
    capture: {
      files: [
        {
          path: 'ticket-4711.pcapng',
          format: 'pcapng',
          compression: null,
          linkTypes: [1],
          snapLength: 262144,
          frames: 1284,
          bytes: 190211,
          start: time(1),
          end: time(125),
          complete: true,
        },
      ],
      frames: 1284,
      start: time(1),
      end: time(125),
      durationMs: 12400,
      anomalies: [],
    },
    summary: {
      sessions: sessions.length,
      outcomes: {
        ok: having('ok'),
        degraded: having('degraded'),
        failed: having('failed'),
        undetermined: having('undetermined'),
      },
      transfers: { attempted: total('attempted'), completed: total('completed'), failed: total('failed') },
      findings: { error: severe('error'), warning: severe('warning'), info: severe('info') },
      vantage: 'client',
      causes: sessions.flatMap((each) => causeOf(each)),
      credentialsExposed: sessions.slice(0, 1).flatMap(({ user, server, firstFrame }) => {
        return user === null ? [] : [{ user, server, sessions: sessions.length, firstFrame, accepted: true }]
      }),
    },
    sessions,
    findings: [],
    ...part,
  }
}

function causeOf({ id, client, server, findings, verdict }: SessionReport): CauseReport[] {
  const cause = findings.find((each) => each.id === verdict.cause)
  if (!cause) return []
  const sentence = `The only session, from ${client.address} to ${server.address}: ${verdict.sentence}`
  const group = { cause: cause.id, title: cause.title, outcome: verdict.outcome, count: 1, sessions: [id] }
  return [{ ...group, clients: 1, servers: 1, client: client.address, server, sentence }]
}

/**
 * What a hostile peer sends to manipulate a terminal: color, cursor, title, one-byte CSI, right-to-left override, line
 * breaks.
 */
export const HOSTILE = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp.exe\u2066\r\n200 forged\u0000\u007f\u2028'

/** A session in which every text that can come from outside is hostile. */
export function hostileSession(text = HOSTILE): SessionReport {
  const base = failingSession({ id: 3, tcpStream: 4 })
  return {
    ...base,
    user: text,
    serverSoftware: text,
    clientSoftware: text,
    exchanges: [exchange(4, text, text, reply(4, 220, text))],
    dataChannels: base.dataChannels.map((each) => ({
      ...each,
      transfer: { ...each.transfer!, path: text, reply: { code: 550, text } },
    })),
    findings: base.findings.map((each) => ({
      ...each,
      title: text,
      message: text,
      evidence: each.evidence.map(({ frame }) => ({ frame, note: text })),
      remedy: [text],
    })),
    verdict: { ...base.verdict, sentence: text },
  }
}
