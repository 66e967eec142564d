import type { Analysis, OtherTrafficReport, ScannerReport } from '../contract.js'
import type { FileFrames } from '../place/file-frames.js'
import type { TextContext } from './context.js'
import { plural } from './units.js'
import { hang } from './wrap.js'

/** Lines of each kind; JSON has all. */
const LISTED = 10

/** A line for each host that probed control ports, and for each server of another protocol on one. */
export function* otherActivity(
  { scanners = [], otherTraffic = [] }: Analysis,
  { width, style, frames }: TextContext,
): Iterable<string> {
  if (scanners.length + otherTraffic.length === 0) return
  yield ''
  yield style.heading('Not counted as sessions')
  for (const line of activityLines(scanners, frames)) yield* hang(' ', 1, line, width)
  const moreScanners = scanners.length - LISTED
  if (moreScanners > 0) yield ` and ${plural(moreScanners, 'more scanner')}, in the JSON report`
  for (const line of activityLines(otherTraffic, frames)) yield* hang(' ', 1, line, width)
  const moreServers = otherTraffic.length - LISTED
  if (moreServers > 0) yield ` and ${plural(moreServers, 'more server')} of other protocols, in the JSON report`
}

/** "203.0.113.9 probed 1,204 ports of 3 hosts; 3 are FTP, first #12" */
export function activityLines(listed: readonly (ScannerReport | OtherTrafficReport)[], frames: FileFrames): string[] {
  return listed.slice(0, LISTED).map(({ sentence, firstFrame }) => `${sentence} (first ${frames.name(firstFrame)})`)
}
