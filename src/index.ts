export { Analyzer } from './analyze.js'
export { analyze } from './analyze-chunks.js'
export type { AnalyzeOptions } from './options.js'
export { CaptureFormatError } from './capture/format-error.js'
export { firewallRules } from './report/firewall/firewall-rules.js'
export type { FirewallDialect, FirewallOptions, FirewallSide } from './report/firewall/options.js'
export type {
  Analysis,
  AnomalyReport,
  CaptureFileReport,
  CaptureReport,
  ClosedBy,
  ConnectionReport,
  ControlState,
  DataChannelReport,
  EndpointReport,
  ExchangeReport,
  FindingReport,
  Outcome,
  PacketKindReport,
  PacketReport,
  RateReport,
  ReplyReport,
  SessionReport,
  Summary,
  TransferCount,
  TransferReport,
  Vantage,
  VerdictReport,
} from './report/contract.js'
