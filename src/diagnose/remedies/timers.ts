/** Default timers of servers, to name the one that matches a silence. */

export type TimerKind = 'accept' | 'data' | 'stalled' | 'idle'

interface Timer {
  kind: TimerKind
  seconds: number
  setting: string
}

/**
 * Defaults as in the manuals: vsftpd.conf(5), ProFTPD's mod_core and mod_xfer, pure-ftpd(8), pyftpdlib's handlers.py,
 * IIS's controlChannel and dataChannel attributes, FileZilla Server's timeouts.
 */
const TIMERS: readonly { product: string; name: string; timers: readonly Timer[] }[] = [
  {
    product: 'vsftpd',
    name: 'vsftpd',
    timers: [
      { kind: 'accept', seconds: 60, setting: 'accept_timeout' },
      { kind: 'accept', seconds: 60, setting: 'connect_timeout' },
      { kind: 'data', seconds: 300, setting: 'data_connection_timeout' },
      { kind: 'idle', seconds: 300, setting: 'idle_session_timeout' },
    ],
  },
  {
    product: 'proftpd',
    name: 'ProFTPD',
    timers: [
      { kind: 'stalled', seconds: 3600, setting: 'TimeoutStalled' },
      { kind: 'data', seconds: 300, setting: 'TimeoutNoTransfer' },
      { kind: 'idle', seconds: 600, setting: 'TimeoutIdle' },
    ],
  },
  {
    product: 'pure-ftpd',
    name: 'Pure-FTPd',
    timers: [
      { kind: 'data', seconds: 900, setting: '-I (MaxIdleTime)' },
      { kind: 'idle', seconds: 900, setting: '-I (MaxIdleTime)' },
    ],
  },
  {
    product: 'pyftpdlib',
    name: 'pyftpdlib',
    timers: [
      { kind: 'accept', seconds: 30, setting: 'PassiveDTP.timeout, ActiveDTP.timeout' },
      { kind: 'data', seconds: 300, setting: 'DTPHandler.timeout' },
      { kind: 'idle', seconds: 300, setting: 'FTPHandler.timeout' },
    ],
  },
  {
    product: 'microsoft',
    name: 'IIS',
    timers: [
      { kind: 'data', seconds: 30, setting: 'dataChannelTimeout' },
      { kind: 'idle', seconds: 120, setting: 'controlChannelTimeout' },
    ],
  },
  {
    product: 'filezilla server',
    name: 'FileZilla Server',
    timers: [
      { kind: 'data', seconds: 600, setting: 'no transfer timeout' },
      { kind: 'idle', seconds: 120, setting: 'connection timeout' },
    ],
  },
]

/** A server checks its timers to within this fraction of their length, or a second. */
const TOLERANCE = 0.03

/** Timers that are as long as a silence. */
export interface FittingTimers {
  /** That of the recognized server; otherwise those of all servers that have one of this length. */
  own: boolean
  timers: readonly { server: string; setting: string; seconds: number }[]
}

/** The timers of a server that fit a silence (nanoseconds), of these kinds; `null` if there are none. */
export function fittingTimers(
  software: string | null,
  silence: number,
  kinds: readonly TimerKind[],
): FittingTimers | null {
  const elapsed = silence / 1e9
  const fits = (timer: Timer) =>
    kinds.includes(timer.kind) && Math.abs(elapsed - timer.seconds) <= Math.max(1, timer.seconds * TOLERANCE)
  const known = serversLike(software)
  const timers = (known.length > 0 ? known : TIMERS).flatMap(({ name, timers: all }) => {
    const timer = all.find(fits)
    return timer ? [{ server: name, setting: timer.setting, seconds: timer.seconds }] : []
  })
  return timers.length > 0 ? { own: known.length > 0, timers } : null
}

/** The timers in words: `vsftpd's data_connection_timeout, 300 s`. */
export function timerWords({ own, timers }: FittingTimers): string {
  const [first] = timers
  if (own && first) return `${first.server}'s ${first.setting}, ${first.seconds} s`
  return `a common default timer (${timers.map(({ server, setting }) => `${server} ${setting}`).join('; ')})`
}

/** The settings of a server that end a silent data connection, for remedies. */
export function dataTimerSettings(software: string | null): string {
  const servers = serversLike(software)
  return (servers.length > 0 ? servers : TIMERS)
    .map(({ name, timers }) => {
      const settings = timers.filter(({ kind }) => kind === 'data' || kind === 'stalled').map(({ setting }) => setting)
      return `${name} ${settings.join(', ')}`
    })
    .join('; ')
}

/** The entry of a recognized server, as a list; empty for any other. */
function serversLike(software: string | null): typeof TIMERS {
  const text = software?.toLowerCase() ?? ''
  return TIMERS.filter(({ product }) => text.startsWith(product))
}
