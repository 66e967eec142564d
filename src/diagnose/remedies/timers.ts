/** Timers of servers with their defaults, to name the one that ended a silence, a transfer or a session. */

export type TimerKind =
  /** Until the login is complete. */
  | 'login'
  /** No command. */
  | 'idle'
  /** No command but those that keep a session open. */
  | 'keep-alive'
  /** No transfer. */
  | 'no-transfer'
  /** The session as a whole. */
  | 'session'
  /** Until the client has opened the data connection, in passive mode. */
  | 'accept'
  /** Until the server has opened it, in active mode. */
  | 'connect'
  /** No data on an open data connection. */
  | 'data'
  | 'stalled'

interface Timer {
  kind: TimerKind
  /** Default; `null` if it is off by default, or another one's length follows from it. */
  seconds: number | null
  setting: string
}

/**
 * Defaults as in the manuals: vsftpd.conf(5), ProFTPD's mod_core, mod_auth and mod_xfer, pure-ftpd(8), pyftpdlib's
 * handlers.py, IIS's connections element, FileZilla Server's timeouts.
 */
const TIMERS: readonly { product: string; name: string; timers: readonly Timer[] }[] = [
  {
    product: 'vsftpd',
    name: 'vsftpd',
    timers: [
      { kind: 'accept', seconds: 60, setting: 'accept_timeout' },
      { kind: 'connect', seconds: 60, setting: 'connect_timeout' },
      { kind: 'data', seconds: 300, setting: 'data_connection_timeout' },
      { kind: 'idle', seconds: 300, setting: 'idle_session_timeout' },
      { kind: 'login', seconds: 300, setting: 'idle_session_timeout' },
    ],
  },
  {
    product: 'proftpd',
    name: 'ProFTPD',
    timers: [
      { kind: 'stalled', seconds: 3600, setting: 'TimeoutStalled' },
      { kind: 'no-transfer', seconds: 300, setting: 'TimeoutNoTransfer' },
      { kind: 'idle', seconds: 600, setting: 'TimeoutIdle' },
      { kind: 'login', seconds: 300, setting: 'TimeoutLogin' },
      { kind: 'session', seconds: null, setting: 'TimeoutSession' },
    ],
  },
  {
    product: 'pure-ftpd',
    name: 'Pure-FTPd',
    timers: [
      { kind: 'accept', seconds: 900, setting: '-I (MaxIdleTime)' },
      { kind: 'data', seconds: 900, setting: '-I (MaxIdleTime)' },
      { kind: 'idle', seconds: 900, setting: '-I (MaxIdleTime)' },
      { kind: 'keep-alive', seconds: 1800, setting: '-I (MaxIdleTime), of which this timer is the double' },
      { kind: 'login', seconds: 900, setting: '-I (MaxIdleTime)' },
    ],
  },
  {
    product: 'pyftpdlib',
    name: 'pyftpdlib',
    timers: [
      { kind: 'accept', seconds: 30, setting: 'PassiveDTP.timeout' },
      { kind: 'connect', seconds: 30, setting: 'ActiveDTP.timeout' },
      { kind: 'data', seconds: 300, setting: 'DTPHandler.timeout' },
      { kind: 'idle', seconds: 300, setting: 'FTPHandler.timeout' },
      { kind: 'login', seconds: 300, setting: 'FTPHandler.timeout' },
    ],
  },
  {
    product: 'microsoft',
    name: 'IIS',
    timers: [
      { kind: 'data', seconds: 30, setting: 'dataChannelTimeout' },
      { kind: 'idle', seconds: 120, setting: 'controlChannelTimeout' },
      { kind: 'login', seconds: 30, setting: 'unauthenticatedTimeout' },
    ],
  },
  {
    product: 'filezilla server',
    name: 'FileZilla Server',
    timers: [
      { kind: 'data', seconds: 600, setting: 'no transfer timeout' },
      { kind: 'no-transfer', seconds: 600, setting: 'no transfer timeout' },
      { kind: 'idle', seconds: 120, setting: 'connection timeout' },
      { kind: 'login', seconds: 60, setting: 'login timeout' },
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
    timer.seconds !== null &&
    kinds.includes(timer.kind) &&
    Math.abs(elapsed - timer.seconds) <= Math.max(1, timer.seconds * TOLERANCE)
  const known = serversLike(software)
  const timers = (known.length > 0 ? known : TIMERS).flatMap(({ name, timers: all }) => {
    const timer = all.find(fits)
    return timer?.seconds ? [{ server: name, setting: timer.setting, seconds: timer.seconds }] : []
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
  return timerSettings(software, ['data', 'stalled']) ?? 'the timer of its data connections'
}

/** The settings of these timers: of the recognized server, or of all; `null` if the recognized one has none. */
export function timerSettings(software: string | null, kinds: readonly TimerKind[]): string | null {
  const known = serversLike(software)
  const servers = (known.length > 0 ? known : TIMERS).flatMap(({ name, timers }) => {
    const settings = timers.filter(({ kind }) => kinds.includes(kind)).map(({ setting }) => setting)
    return settings.length === 0 ? [] : [`${name} ${[...new Set(settings)].join(', ')}`]
  })
  return servers.length === 0 ? null : servers.join('; ')
}

/** The entry of a recognized server, as a list; empty for any other. */
function serversLike(software: string | null): typeof TIMERS {
  const text = software?.toLowerCase() ?? ''
  return TIMERS.filter(({ product }) => text.startsWith(product))
}
