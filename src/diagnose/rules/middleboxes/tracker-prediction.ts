import { withCommands } from '../../remedies/commands.js'
import type { DataChannel } from '../../../correlate/model.js'
import { type Prediction, predict, type Treatment } from '../../alg/alg.js'
import { ALGS } from '../../alg/algs.js'
import { nfConntrackFtp } from '../../alg/nf-conntrack-ftp.js'
import { isPlain, type WireAnnouncement, wireAnnouncement } from '../../alg/wire-announcement.js'
import { isEstablished } from '../../facts/passive.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { defineRule, type Fact } from '../../rule.js'
import {
  announcementEvidence,
  announcementFact,
  type CommandFact,
  quoteWords,
  type ReplyFact,
} from '../../words/evidence.js'

/** Fewer ALGs that cannot parse a working announcement are not worth reporting. */
const MANY = 3
/** Announcements of one session that are replayed: a client's announcements are alike. */
const MAX_REPLAYED = 64
/** ALGs whose sources the remedy cites. */
const MAX_CITED = 3

/** What one ALG would do with the announcement, and why. */
export interface Deviation {
  alg: string
  treatment: Exclude<Treatment, 'recognized'>
  why: string
  /** Where the ALG's behavior is documented. */
  source: string
}

export interface AlgPrediction extends Fact {
  kind: 'prediction'
  announcement: ReplyFact | CommandFact
  /** ALGs that would not recognize the announcement, and how many others would. */
  deviations: Deviation[]
  others: number
}

export const trackerPrediction = defineRule<AlgPrediction>({
  id: 'tracker-prediction',
  title: 'not every FTP ALG would recognize the announcement',
  severity: 'info',
  side: 'unknown',
  level: 'remark',
  references: ALGS.map(({ name, source }) => `${name}: ${source}`),
  samples: { reports: 'made/tracker-prediction.pcap', silent: 'made/tracker-prediction--silent.pcap' },

  *check({ client, server }, facts) {
    const worst = mostInteresting(facts)
    if (!worst) return
    const { channel, place, deviations } = worst
    const announcement = channel.announcement!
    const ends = `control connection between ${client.address} and ${server.address}`
    yield {
      fact: {
        kind: 'prediction',
        announcement: announcementFact(announcement),
        deviations: deviations.map(deviationFact),
        others: ALGS.length - deviations.length,
      },
      confidence: 'high',
      harmless: true,
      evidence: [announcementEvidence(announcement, place === null ? ends : PLACES[place])],
      channel,
    }
  },

  texts: {
    message({ announcement, deviations, others }) {
      const predictions = deviations.map(({ alg, treatment, why }) => `${alg} ${TREATMENTS[treatment]} (${why})`)
      const rest =
        others === 0
          ? 'no ALG simulated here recognizes it'
          : others === 1
            ? 'the other one recognizes it'
            : `the other ${others} recognize it`
      return `"${quoteWords(announcement)}" as captured: ${predictions.join('; ')}; ${rest}.`
    },
  },

  remedy: ({ deviations }) => [
    `if one of these is on the path: ${EXTENDED}`,
    `or ${FIXED_RANGE}`,
    ...deviations.slice(0, MAX_CITED).map(({ alg, source }) => `${alg}: ${source}`),
  ],
})

const EXTENDED = 'use EPSV, whose reply names no address and has almost the same form everywhere'
const FIXED_RANGE = withCommands('open and forward a fixed passive range without an FTP helper', [
  null,
  'ftpscope firewall CAPTURE --no-helper --for nftables',
])

const PLACES = { split: 'split across two segments', behind: 'not at the start of its segment' }

const TREATMENTS: Readonly<Record<Deviation['treatment'], string>> = {
  missed: 'passes it without recognizing it',
  dropped: 'drops the segment',
  closed: 'closes the control connection',
}

export interface Replayed {
  channel: DataChannel
  place: WireAnnouncement['place']
  deviations: Prediction[]
}

/** Of the announcements that some ALG would not recognize: one that failed, or else the one that most would miss. */
function mostInteresting(facts: SessionFacts): Replayed | null {
  const { session } = facts
  let best: Replayed | null = null
  let bestWeight = 0
  let looked = 0
  for (const channel of session.channels) {
    const { announcement } = channel
    if (!announcement || announcement.refused) continue
    const failed = !isEstablished(channel)
    if (!failed && isPlain(session, announcement)) continue
    const onWire = wireAnnouncement(facts, announcement)
    if (!onWire || ++looked > MAX_REPLAYED) continue
    const deviations = ALGS.map((alg) => predict(alg, onWire)).filter(({ treatment }) => treatment !== 'recognized')
    if (deviations.every(({ ofAddress }) => ofAddress)) continue
    const kernel = deviations.some(({ alg }) => alg === nfConntrackFtp)
    if (!failed && !kernel && deviations.length < MANY) continue
    const weight = deviations.length + (failed ? 100 : 0)
    if (weight > bestWeight) {
      best = { channel, place: onWire.place, deviations }
      bestWeight = weight
    }
  }
  return best
}

function deviationFact({ alg, treatment, why }: Prediction): Deviation {
  return { alg: alg.name, treatment: treatment as Deviation['treatment'], why, source: alg.source }
}
