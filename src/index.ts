import { Analyzer } from './analyze.js'
import type { AnalyzeOptions } from './options.js'
import type { Analysis } from './report/contract.js'

/**
 * Analyzes one capture given as chunks.
 * @throws CaptureFormatError when the bytes are not a capture
 */
export async function analyze(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options: AnalyzeOptions & { path?: string } = {},
): Promise<Analysis> {
  const analyzer = new Analyzer(options)
  analyzer.openFile(options.path ?? '-')
  for await (const chunk of chunks) analyzer.push(chunk)
  analyzer.closeFile()
  return analyzer.end()
}

export { Analyzer }
export { Comparison } from './compare.js'
export type { CompareOptions } from './compare.js'
export { diffAnalyses } from './report/diff/diff-analyses.js'
export type { DiffReport } from './report/diff/contract.js'
export type { ComparisonReport, FateReport, PathReport } from './report/compare/contract.js'
export type { AnalyzeOptions }
export type { SessionSink } from './report/session-sink.js'
export { CaptureFormatError } from './capture/format-error.js'
export type { FindingId } from './diagnose/catalogue.js'
export { firewallRules } from './report/firewall/firewall-rules.js'
export type { FirewallDialect, FirewallOptions, FirewallSide } from './report/firewall/options.js'
export type {
  Analysis,
  AnomalyReport,
  CertificateReport,
  CaptureFileReport,
  CaptureReport,
  ClosedBy,
  ConnectionReport,
  ControlState,
  DataChannelReport,
  EndpointReport,
  ExchangeReport,
  FindingFacts,
  FindingReport,
  Outcome,
  PacketKindReport,
  PacketReport,
  RateReport,
  ReplyReport,
  SessionPathReport,
  SessionReport,
  Summary,
  TlsAlertReport,
  TlsReport,
  TransferCount,
  TransferReport,
  Vantage,
  VerdictReport,
} from './report/contract.js'
