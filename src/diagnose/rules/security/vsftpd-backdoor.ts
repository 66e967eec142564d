import type { Session } from '../../../correlate/model.js'
import type { Exchange } from '../../../ftp/model.js'
import type { Connection } from '../../../tcp/connection.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import { at, commandEvidence, replyEvidence } from '../../words/evidence.js'
import { byteCount } from '../../words/quantities.js'
import { Quote } from '../../words/quote.js'

/** A user name with ":)" sent to a vsftpd that may be the tampered 2.3.4. */
export interface Backdoor extends Fact, Ends {
  /** The shell's port accepted a connection, it refused or did not answer one, or none was captured. */
  kind: 'opened' | 'closed' | 'not-tried'
  user: Quote
  /** Port of the shell, and payload bytes in both directions. */
  shellPort: number
  bytesToShell: number
  bytesFromShell: number
  /** The server names itself vsftpd 2.3.4. */
  affected: boolean
}

const SMILEY = ':)'
const SHELL_PORT = 6200
const AFFECTED = /^vsftpd 2\.3\.4\b/i
const VSFTPD = /^vsftpd\b/i

export const vsftpdBackdoor = defineRule<Backdoor>({
  id: 'vsftpd-backdoor',
  title: 'vsftpd backdoor (CVE-2011-2523)',
  severity: 'error',
  side: 'server',
  level: 'cause',
  references: ['CVE-2011-2523', 'NVD: vsftpd 2.3.4 downloaded between 20110630 and 20110703 contains a backdoor'],
  samples: { reports: 'made/vsftpd-backdoor.pcap', silent: 'made/vsftpd-backdoor--silent.pcap' },

  *check(session, { greeting }) {
    const users = session.dialogue.exchanges.filter(isSmiley)
    const user = users.at(-1)
    if (!user) return
    const shell = session.surroundings.backdoorShell
    const kind = shell ? (isAccepted(shell) ? 'opened' : 'closed') : 'not-tried'
    const { serverSoftware, login } = session.dialogue
    const affected = AFFECTED.test(serverSoftware ?? '')
    // Other servers know such a user, or do not; an unknown version may hide what it is.
    if (!affected && kind !== 'opened' && !isUnknownVersion(serverSoftware)) return
    if (kind !== 'opened' && login === 'accepted') return
    yield {
      fact: {
        kind,
        ...endsOf(session),
        user: new Quote(user.argument ?? ''),
        shellPort: SHELL_PORT,
        bytesToShell: shell?.flows[0].end ?? 0,
        bytesFromShell: shell?.flows[1].end ?? 0,
        affected,
      },
      severity: kind === 'opened' || affected ? 'error' : 'warning',
      side: kind === 'opened' ? 'server' : 'client',
      confidence: kind === 'opened' ? 'high' : affected ? 'medium' : 'low',
      evidence: [
        commandEvidence(user),
        ...(shell ? shellEvidence(shell, session) : []),
        ...(greeting ? [replyEvidence(greeting)] : []),
        ...users.slice(0, -1).map((each) => commandEvidence(each)),
      ],
    }
  },

  texts: {
    title: ({ kind }) => (kind === 'opened' ? null : 'attempt on the vsftpd backdoor (CVE-2011-2523)'),
    message({ kind, client, server, user, shellPort, bytesToShell, bytesFromShell, affected }) {
      const version = affected ? ', which names itself vsftpd 2.3.4' : ''
      const sent = `${client} sent the user name "${user}" to ${endpointWords(server)}${version}`
      const port = `port ${shellPort}, where the backdoor of vsftpd 2.3.4 (CVE-2011-2523) listens after a name with ":)"`
      switch (kind) {
        case 'opened': {
          const bytes = `${byteCount(bytesToShell)} to the shell, ${byteCount(bytesFromShell)} from it`
          return `${sent}, and connected to ${port}: it is open (${bytes}).`
        }
        case 'closed':
          return `${sent}, and tried to connect to ${port}: it did not accept the connection.`
        case 'not-tried':
          return `${sent}; no connection to ${port}, was captured.`
      }
    },
  },

  remedy: ({ kind, client, server: { address } }) => [
    ...(kind === 'opened'
      ? [
          `take ${address} off the network and treat it as compromised: the shell runs as root`,
          'install it anew, with vsftpd of the distribution or from a verified source (3.0.x)',
        ]
      : [`on ${address}: check the version of vsftpd; replace 2.3.4 by that of the distribution (3.0.x)`]),
    `find out who uses ${client}, and look for the same in the logs of other servers`,
    `in the firewall: block TCP port ${SHELL_PORT} to ${address}`,
  ],
})

function isSmiley({ command, argument }: Exchange): boolean {
  return command === 'USER' && (argument?.includes(SMILEY) ?? false)
}

function isUnknownVersion(software: string | null): boolean {
  return software === null || (VSFTPD.test(software) && !/\d/.test(software))
}

function isAccepted({ synAckAttempts, flows }: Connection): boolean {
  return synAckAttempts > 0 || flows[1].end > 0
}

function shellEvidence({ first, synAcks, flows }: Connection, { server }: Session) {
  const answer = synAcks[0]
  const data = flows[0].firstData
  return [
    at(first, `connection to port ${SHELL_PORT} of ${server.address}`),
    ...(answer ? [at(answer, 'SYN,ACK: the port is open')] : []),
    ...(data ? [at(data, 'first bytes to the shell')] : []),
  ]
}
