/** Limits per control connection: memory is bounded whatever arrives. Reaching a limit is recorded as an anomaly. */
export interface FtpLimits {
  /** Bytes kept per line; the rest is skipped. Real lines are below 1 KiB, except for paths (4 KiB on POSIX hosts). */
  lineBytes: number
  /** Characters kept per reply, over all its lines. */
  replyText: number
  /** Exchanges kept per session, with their announcements and transfers: each takes about 3 KB until it is reported. */
  exchanges: number
  /** Commands that may wait for a reply at the same time. */
  openCommands: number
  /** Characters of arguments and replies kept per session; beyond that, each is truncated to `shortText`. */
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
