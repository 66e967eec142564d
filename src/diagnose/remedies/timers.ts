/** Timers that servers and boxes come with, to name the one that a silence fits. */

export type TimerKind = 'accept' | 'data' | 'stalled' | 'idle'

interface Timer {
  kind: TimerKind
  seconds: number
  setting: string
}

/**
 * Defaults as the manuals give them: vsftpd.conf(5), ProFTPD's mod_core and mod_xfer, pure-ftpd(8), pyftpdlib's handlers.py, IIS's
 * controlChannel and dataChannel attributes, FileZilla Server's timeouts.
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

/** A server looks at its clock within this part of the timer, or a second. */
const TOLERANCE = 0.03

/** Names the timer of a server whose length a silence (seconds) has; `null` when none of the kinds fits. */
export function timerText(software: string | null, silence: number, kinds: readonly TimerKind[]): string | null {
  const text = software?.toLowerCase() ?? ''
  const known = TIMERS.find((server) => text.startsWith(server.product))
  const fits = (timer: Timer) =>
    kinds.includes(timer.kind) && Math.abs(silence - timer.seconds) <= Math.max(1, timer.seconds * TOLERANCE)
  if (known) {
    const timer = known.timers.find(fits)
    return timer ? `${known.name}'s ${timer.setting}, ${timer.seconds} s` : null
  }
  const names = TIMERS.flatMap(({ name, timers }) => {
    const timer = timers.find(fits)
    return timer ? [`${name} ${timer.setting}`] : []
  })
  return names.length > 0 ? `a usual timer (${names.join('; ')})` : null
}

/** The settings of a server that end a silent data connection, for remedies. */
export function dataTimerSettings(software: string | null): string {
  const text = software?.toLowerCase() ?? ''
  const servers = TIMERS.filter((server) => text.startsWith(server.product))
  return (servers.length > 0 ? servers : TIMERS)
    .map(({ name, timers }) => {
      const settings = timers.filter(({ kind }) => kind === 'data' || kind === 'stalled').map(({ setting }) => setting)
      return `${name} ${settings.join(', ')}`
    })
    .join('; ')
}
