import { type Anomaly, AnomalyLog, joinAnomalies } from '../../bytes/anomaly.js'
import type { CaptureFile } from '../../capture/capture-file.js'
import { InputFiles } from '../../capture/input-files.js'
import type { InputPlan } from '../../capture/input-plan.js'
import { joinSnapped, type SnappedFrames } from '../../capture/snapped-frames.js'
import { Clock, type Epoch } from '../../capture/time.js'
import type { CaptureFacts, CaptureRule } from '../../diagnose/capture/capture-rule.js'
import type { HeldPlace } from '../../correlate/places/held-places.js'
import type { OtherActivity } from '../../correlate/probes/activity.js'
import type { Seen } from '../../correlate/surroundings/surroundings.js'
import { judgeCapture } from '../../diagnose/capture/judge-capture.js'
import { CaptureTally } from '../../diagnose/capture/capture-tally.js'
import type { SessionTotals } from '../../diagnose/facts/session-traits.js'
import type { Finding } from '../../diagnose/rule.js'
import { type Analysis, SCHEMA, type SessionPathReport, type SessionReport } from '../contract.js'
import { cleartextCredentials } from '../../diagnose/rules/security/cleartext-credentials.js'
import { withoutIgnored } from '../choose/ignore.js'
import { type Chooses, where } from '../choose/where.js'
import { describeActivity, unlistedScanners } from '../describe/describe-activity.js'
import { describeSeen } from '../describe/describe-seen.js'
import { describeCapture } from '../describe/describe-capture.js'
import { describeCaptureFinding } from '../describe/describe.js'
import { HostNames } from '../describe/host-names.js'
import { describePlaces } from '../paths/describe-places.js'
import type { SessionSink } from '../session-sink.js'
import { plural } from '../text/units.js'
import { timeZone } from '../time-zone.js'
import { TOOL } from '../version.js'
import { type Numbered, numbered, numbersOf } from './session-order.js'
import { Tally } from './tally.js'

/**
 * What remains of a session that is over; its report is final. Plain values, like all of a part, so that threads can
 * pass them on.
 */
export interface EndedSession {
  report: SessionReport
  totals: SessionTotals
}

/** The result of a part of an input, besides its sessions. */
export interface PartEnd {
  files: readonly CaptureFile[]
  /** Time of the first frame of the whole input. */
  epoch: Epoch | null
  /** Number of the last frame; numbers continue across parts. */
  frames: number
  snapped: SnappedFrames
  anomalies: readonly Anomaly[]
  /** Number of sessions and connections in it. */
  sessions: number
  streams: number
  /** What its control ports saw besides sessions. */
  activities: readonly OtherActivity[]
  /** What was seen instead of sessions; `null` if there are any. */
  seen: Seen | null
  /** Secrets at hand, TLS connections that they might decrypt, and how many of these they did. */
  tls: TlsUse
  /** Name records of its captures: address and name. */
  names: readonly (readonly [string, string])[]
  /** What each place saw whose sessions wait for those of others; empty for one place. */
  places: readonly HeldPlace[]
}

export interface BuilderOptions {
  plan?: InputPlan | undefined
  showSecrets?: boolean | undefined
  /** As in `AnalyzeOptions`. */
  where?: string | undefined
  timeZone?: string | undefined
  ignore?: readonly string[] | undefined
  names?: Readonly<Record<string, string>> | undefined
}

export interface TlsUse {
  secrets: number
  connections: number
  decrypted: number
}

/**
 * Adds up an input. Sessions come in the order in which they end, part after part; a part is a series of files that can
 * be analyzed by itself. An input analyzed in parts gives the same result as in one.
 */
export class AnalysisBuilder {
  readonly #sink: SessionSink | null
  readonly #anomalies = new AnomalyLog()
  readonly #captureTally = new CaptureTally()
  readonly #tally = new Tally(this.#anomalies)
  readonly #options: BuilderOptions
  readonly #reports: SessionReport[] = []
  /** Of all sessions, without a sink. */
  readonly #order: Numbered[] = []
  readonly #chooses: Chooses
  readonly #ignored: ReadonlySet<string>
  #paths: readonly SessionPathReport[] = []
  readonly #parts: PartEnd[] = []
  #sessions = 0
  #streams = 0

  /** With a sink, sessions are passed on and not kept. */
  constructor(sink: SessionSink | null, options: BuilderOptions = {}) {
    this.#sink = sink
    this.#options = options
    this.#chooses = options.where === undefined ? () => true : where(options.where, timeZone(options.timeZone ?? 'UTC'))
    this.#ignored = new Set(options.ignore)
  }

  /** A session of the part that ends next; bound, so that it can be passed on. */
  readonly session = (ended: EndedSession): void => {
    this.#take(this.#parts.length === 0 ? ended : renumbered(ended, this.#sessions, this.#streams))
  }

  #take({ report: whole, totals }: EndedSession, isChosen?: boolean): void {
    this.#captureTally.session(totals)
    const { id, firstFrame } = whole
    if (!this.#sink) this.#order.push({ id, firstFrame })
    const report = withoutIgnored(whole, this.#ignored)
    if (!(isChosen ?? this.#chooses(report))) {
      this.#sink?.leftOut?.(report)
      this.#tally.leaveOut(report)
      return
    }
    this.#tally.session(report, this.#ignored.has(cleartextCredentials.id) ? { ...totals, logins: [] } : totals)
    if (this.#sink) this.#sink.session(report)
    else this.#reports.push(report)
  }

  part(part: PartEnd): void {
    this.#parts.push(part)
    this.#sessions += part.sessions
    this.#streams += part.streams
  }

  /** What the rules on the capture judge, once the last part has been added. */
  captureFacts(): CaptureFacts {
    const snapped = joinSnapped(this.#parts.map((part) => part.snapped))
    return this.#captureTally.facts(this.#files, snapped)
  }

  /** All parts have been added: judges the capture as a whole, and reports. */
  finish(): Analysis {
    this.#joinPlaces()
    return this.analysis(judgeCapture(this.captureFacts()))
  }

  /** All places have been read: their sessions are joined, judged and passed on. */
  #joinPlaces(): void {
    const places = this.#parts.flatMap((part) => part.places)
    const clock = this.#clock
    if (places.length === 0 || !clock) return
    const files = this.#inputFiles
    for (const { firstFile, digest } of places.slice(1)) files.beginPlace(firstFile, digest.firstStream)
    const { showSecrets = false } = this.#options
    const recorded = this.#parts.flatMap((part) => part.names)
    const names = new HostNames(this.#options.names, this.#anomalies, recorded)
    const { sessions, paths } = describePlaces(places, { clock, files, names, showSecrets })
    const chosen = new Set<number | undefined>()
    for (const { report } of sessions) if (this.#chooses(withoutIgnored(report, this.#ignored))) chosen.add(report.path)
    // Those of a path are one session, which is chosen with all of them or not at all.
    for (const session of sessions) {
      const { path } = session.report
      this.#take(session, path === undefined ? undefined : chosen.has(path))
    }
    this.#paths = paths.filter(({ id }) => chosen.has(id))
  }

  /** The analysis, with what those rules found. */
  analysis(captureFindings: readonly Finding<CaptureRule>[]): Analysis {
    const files = this.#files
    const clock = this.#clock
    const inputFiles = this.#inputFiles
    const findings = captureFindings
      .filter(({ id }) => !this.#ignored.has(id))
      .map((finding) => describeCaptureFinding(finding, inputFiles))
    this.#tally.findings(findings)
    const activities = this.#parts.flatMap((part) => part.activities)
    this.#noteUnlisted(activities)
    this.#noteUnused()
    const numberOf = this.#numbering()
    const paths = this.#paths.map((path) => withNumbers(path, numberOf))
    const summary = this.#tally.summary(numberOf)
    const isEmpty = summary.sessions + (summary.leftOut ?? 0) === 0
    const seen = isEmpty
      ? describeSeen(
          this.#parts.map((part) => part.seen),
          files,
        )
      : []
    const { scanners, otherTraffic } = clock ? describeActivity(activities, clock) : NOTHING_ELSE
    return {
      schema: SCHEMA,
      tool: TOOL,
      capture: {
        ...describeCapture(files, this.#parts.at(-1)?.frames ?? 0, this.#allAnomalies, clock),
        ...(seen.length > 0 ? { seen } : {}),
      },
      summary,
      sessions: numbered(this.#reports, numberOf),
      findings,
      ...(scanners.length > 0 ? { scanners } : {}),
      ...(otherTraffic.length > 0 ? { otherTraffic } : {}),
      ...(paths.length > 0 ? { paths } : {}),
    }
  }

  #noteUnlisted(activities: readonly OtherActivity[]): void {
    const { hosts, connections } = unlistedScanners(activities)
    if (connections === 0) return
    this.#anomalies.record(
      'report-scanners-capped',
      null,
      () =>
        `more hosts probed control ports than are listed: ${plural(hosts, 'other')} with ${plural(connections, 'connection')}`,
    )
  }

  #noteUnused(): void {
    const uses = this.#parts.map(({ tls }) => tls)
    const secrets = Math.max(0, ...uses.map((use) => use.secrets))
    const connections = uses.reduce((sum, use) => sum + use.connections, 0)
    if (secrets === 0 || uses.some(({ decrypted }) => decrypted > 0)) return
    const none = connections > 0 ? `none for the ${plural(connections, 'TLS connection')}` : 'and no TLS connection'
    this.#anomalies.record(
      'tls-secrets-unused',
      null,
      () => `tls: ${plural(secrets, 'secret')}, ${none} of FTP in this capture`,
    )
  }

  get #files(): CaptureFile[] {
    return this.#parts.flatMap((part) => part.files)
  }

  get #inputFiles(): InputFiles {
    return new InputFiles(this.#files, this.#options.plan)
  }

  /** `null` without frames. */
  get #clock(): Clock | null {
    const epoch: Epoch | null = this.#parts.find((part) => part.epoch)?.epoch ?? null
    return epoch && new Clock(epoch, Math.max(0, ...this.#files.map((file) => file.timestampDigits)))
  }

  get #allAnomalies(): Anomaly[] {
    return joinAnomalies([...this.#parts.map((part) => part.anomalies), this.#anomalies.list()])
  }

  /** The final id of a session, by the one that it had while it was open. */
  #numbering(): (id: number) => number {
    const sink = this.#sink
    if (!sink) return numbersOf(this.#order)
    return (id) => sink.idOf?.(id) ?? id
  }
}

const NOTHING_ELSE: ReturnType<typeof describeActivity> = { scanners: [], otherTraffic: [] }

/** A path whose sessions have their final ids. */
function withNumbers(path: SessionPathReport, numberOf: (id: number) => number): SessionPathReport {
  return {
    ...path,
    sessions: path.sessions.map(numberOf),
    places: path.places.map((place) => ({
      ...place,
      session: place.session === null ? null : numberOf(place.session),
    })),
  }
}

/** The same session, numbered after this many other sessions and connections. */
function renumbered({ report, totals }: EndedSession, sessions: number, streams: number): EndedSession {
  return {
    totals,
    report: {
      ...report,
      id: report.id + sessions,
      tcpStream: report.tcpStream + streams,
      dataChannels: report.dataChannels.map((channel) => ({
        ...channel,
        connection: channel.connection && {
          ...channel.connection,
          tcpStream: channel.connection.tcpStream + streams,
        },
      })),
    },
  }
}
