/** What to say and to change where a server drops SYNs whose TCP timestamp is older than another host's. */
import { withCommands } from './commands.js'
import type { OlderTimestamp } from '../facts/timestamp-order.js'
import { at, type Evidence } from '../words/evidence.js'
import { seconds } from '../words/quantities.js'

export const OLDER_TIMESTAMP_TITLE = 'SYN with an older TCP timestamp is dropped'

/** The two timestamps and what they suggest, as sentences with a space before them. */
export function timestampWords(client: string, { value, answeredValue, laterNs, answeredMeanwhile }: OlderTimestamp) {
  const before = laterNs > 0 ? `, ${seconds(laterNs)} after its last packet` : ''
  const compared = `The SYN has TSval ${value}, another connection from ${client} that was answered ${answeredValue}`
  const hosts = 'several hosts share that address (NAT), or its timestamps start anew with each connection'
  const meanwhile = answeredMeanwhile ? ' Other connections from the address were answered meanwhile.' : ''
  return (
    ` ${compared}${before}: ${hosts}, and a server that compares them by address drops the SYN as an old one ` +
    `(Linux before 4.12 with tcp_tw_recycle).${meanwhile}`
  )
}

export function timestampEvidence({ frame, value, answeredFrame, answeredValue }: OlderTimestamp): Evidence[] {
  return [
    at({ frame: answeredFrame }, `SYN with TSval ${answeredValue} from the same address, which was answered`),
    at({ frame }, `unanswered SYN with TSval ${value}`),
  ]
}

export const TIMESTAMP_REMEDY: readonly string[] = [
  'on the server: set net.ipv4.tcp_tw_recycle=0, in /etc/sysctl.conf as well (Linux 4.12 has removed it)',
  withCommands('or in the client: as a test, connect without TCP timestamps', [
    'Linux',
    'sysctl -w net.ipv4.tcp_timestamps=0',
  ]),
]
