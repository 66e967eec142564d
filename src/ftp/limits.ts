/** Caps of one control connection: what is kept is bounded whatever arrives. Reaching one is recorded as an anomaly. */
export interface FtpLimits {
  /** Bytes kept of one line; the rest is skipped. Real lines stay below 1 KiB, except paths (4 KiB on POSIX hosts). */
  lineBytes: number
  /** Characters kept of one reply with all its lines. */
  replyText: number
  /** Exchanges kept of one session, with their announcements and transfers: each takes about 3 KB until it is reported. */
  exchanges: number
  /** Commands that may wait for their replies at a time. */
  openCommands: number
  /** Characters of arguments and replies kept of one session; beyond it each keeps its first `shortText` only. */
  sessionText: number
  shortText: number
}

export const DEFAULT_FTP_LIMITS: Readonly<FtpLimits> = {
  lineBytes: 8 * 1024,
  replyText: 64 * 1024,
  exchanges: 50_000,
  openCommands: 1024,
  sessionText: 16 * 1024 * 1024,
  shortText: 256,
}
