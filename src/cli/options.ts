import { expressionOf } from './arguments/expression.js'
import type { AnalyzeOptions } from '../options.js'
import type { FirewallDialect, FirewallSide } from '../report/firewall/options.js'
import type { Outcome } from '../report/contract.js'
import type { RowKind } from '../report/format.js'
import type { FormatName } from '../report/formats.js'
import type { TimeZone } from '../report/time-zone.js'

/** What the exit status 1 is for. */
export const FAIL_ON = ['failed', 'degraded', 'undetermined', 'error', 'warning', 'none'] as const
export type FailOn = (typeof FAIL_ON)[number]

/** Options of `ftpscope [analyze]` as commander returns them. */
export interface AnalyzeCommandOptions {
  format: FormatName
  output?: string
  rows?: RowKind
  user?: string[]
  client?: string[]
  server?: string[]
  file?: string[]
  command?: string[]
  outcome?: Outcome[]
  finding?: string[]
  since?: string
  until?: string
  minBytes?: string
  where?: string[]
  ignore?: string[]
  sort?: string
  limit?: number
  tz?: TimeZone
  all?: true
  session?: number[]
  host?: string[]
  port?: number[]
  showSecrets?: true
  failOn?: FailOn[]
  keepGoing?: true
  quiet?: true
  color: boolean
  maxConnections?: number
  maxSessions?: number
  jobs?: number
  keylog?: string[]
  privateKey?: string[]
  /** Path of a configuration file; `false`: none. */
  config?: string | false
  /** Names of hosts by their addresses, which only a configuration file gives. */
  names?: Record<string, string>
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

/** Options of `ftpscope slice`, including those that it shares with an analysis. */
export interface SliceCommandOptions extends AnalyzeCommandOptions {
  headersOnly?: true
}

/** Options of `ftpscope annotate`, including those that it shares with an analysis. */
export interface AnnotateCommandOptions extends AnalyzeCommandOptions {
  lua?: string
  filters?: string
}

/** Options of `ftpscope extract`, including those that it shares with an analysis; `output` is a directory. */
export interface ExtractCommandOptions extends AnalyzeCommandOptions {
  hashOnly?: true
  asciiTo: 'local' | 'as-sent'
  maxBytes?: number
  maxTotal?: number
}

/** Options of `ftpscope sanitize`, including those that it shares with an analysis. */
export interface SanitizeCommandOptions extends AnalyzeCommandOptions {
  key?: string
  keyEnv?: string
  keepCertificates?: true
  ftpOnly?: true
}

/** The subset that the analyzer takes, without what is in files. */
export function analyzeOptions(options: AnalyzeCommandOptions): AnalyzeOptions {
  const { port, host, ignore, names, showSecrets, maxConnections, maxSessions } = options
  const where = expressionOf(options)
  return {
    ...(where !== null && { where }),
    ...(where !== null && options.tz && { timeZone: options.tz.name }),
    ...(ignore && { ignore }),
    ...(names && { names }),
    ...(port && { ports: port }),
    ...(host && { hosts: host }),
    ...(showSecrets && { showSecrets }),
    ...(maxConnections !== undefined && { maxConnections }),
    ...(maxSessions !== undefined && { maxSessions }),
  }
}
