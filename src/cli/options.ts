import type { AnalyzeOptions } from '../options.js'
import type { FirewallDialect, FirewallSide } from '../report/firewall/options.js'
import type { RowKind } from '../report/format.js'
import type { FormatName } from '../report/formats.js'
import type { TimeZone } from '../report/time-zone.js'

/** Options of `ftpscope [analyze]` as commander returns them. */
export interface AnalyzeCommandOptions {
  format: FormatName
  output?: string
  rows?: RowKind
  tz?: TimeZone
  all?: true
  session?: number[]
  host?: string[]
  port?: number[]
  showSecrets?: true
  failOn?: 'error' | 'warning'
  quiet?: true
  color: boolean
  maxConnections?: number
  maxSessions?: number
  jobs?: number
  keylog?: string[]
  privateKey?: string[]
}

/** Options of `ftpscope firewall`, including those that it shares with an analysis. */
export interface FirewallCommandOptions extends AnalyzeCommandOptions {
  for: FirewallDialect
  side: FirewallSide
  helper: boolean
  passiveRange?: { low: number; high: number }
  onlySeen?: true
  inside?: string[]
  outside?: string
  interface?: string
}

/** Options of `ftpscope compare`, including those that it shares with an analysis. */
export interface CompareCommandOptions extends AnalyzeCommandOptions {
  allConnections?: true
}

/** The subset that the analyzer takes, without what is in files. */
export function analyzeOptions(options: AnalyzeCommandOptions): AnalyzeOptions {
  const { port, host, showSecrets, maxConnections, maxSessions } = options
  return {
    ...(port && { ports: port }),
    ...(host && { hosts: host }),
    ...(showSecrets && { showSecrets }),
    ...(maxConnections !== undefined && { maxConnections }),
    ...(maxSessions !== undefined && { maxSessions }),
  }
}
