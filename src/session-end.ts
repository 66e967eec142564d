import type { AnomalyLog } from './bytes/anomaly.js'
import type { InputFiles } from './capture/input-files.js'
import type { InputPlan } from './capture/input-plan.js'
import type { Clock } from './capture/time.js'
import type { Session } from './correlate/model.js'
import { type HeldPlace, HeldPlaces } from './correlate/places/held-places.js'
import { totalsOf } from './diagnose/facts/session-traits.js'
import { judge } from './diagnose/judge.js'
import { hideSecrets } from './ftp/secrets/hide-secrets.js'
import { type AnalyzerOptions, holdsPlaces } from './options.js'
import { describeSession } from './report/describe/describe.js'
import { HostNames } from './report/describe/host-names.js'
import type { EndedSession } from './report/summary/analysis-builder.js'
import type { PortRoles } from './tcp/initiator.js'
import type { Packet, PacketKind } from './wire/packet.js'

export interface SessionEndOptions {
  plan: InputPlan | undefined
  files: InputFiles
  roles: PortRoles
  anomalies: AnomalyLog
  /** Prints the times of the input; `null` before its first frame. */
  clock: () => Clock | null
  onEnded: (session: EndedSession) => void
}

/**
 * Takes sessions that are over: their secrets are hidden, then they are judged and described at once. Those of several
 * places wait until all have been read, to be joined.
 */
export class SessionEnd {
  readonly #options: AnalyzerOptions
  readonly #input: SessionEndOptions
  /** How hosts are called, as far as is known when a session ends. */
  readonly names: HostNames
  /** `null` for one place. */
  readonly #held: HeldPlaces | null

  constructor(options: AnalyzerOptions, input: SessionEndOptions) {
    this.#options = options
    this.#input = input
    const { plan, roles, anomalies } = input
    this.names = new HostNames(options.names, anomalies)
    const count = plan?.places.length ?? null
    this.#held = holdsPlaces(options, plan) ? new HeldPlaces({ roles, anomalies, count, giveUp: this.#judge }) : null
  }

  packet(kind: PacketKind, packet: Packet): void {
    this.#held?.packet(kind, packet)
    this.#options.packets?.packet(kind, packet)
  }

  readonly session = (session: Session): void => {
    if (!this.#options.showSecrets) hideSecrets(session.dialogue, session.control.midstream)
    this.#options.ended?.(session)
    if (this.#held) this.#held.session(session)
    else this.#judge(session)
  }

  readonly #judge = (session: Session): void => {
    const { clock, files, onEnded } = this.#input
    const now = clock()
    if (!now) return
    const report = describeSession(judge(session, now.epoch), { clock: now, files, names: this.names })
    this.#options.judged?.(session, report)
    onEnded({ report, totals: totalsOf(session) })
  }

  /** The file at that index begins another place, before which there were that many connections. */
  beginPlace(firstFile: number, firstStream: number): void {
    this.#input.files.beginPlace(firstFile, firstStream)
    this.#held?.begin(firstFile, firstStream)
    this.#options.packets?.beginPlace(firstFile)
  }

  /** The input has ended: what each place saw, for those that wait. */
  end(): readonly HeldPlace[] {
    this.#held?.end()
    return this.#held?.list ?? []
  }
}
