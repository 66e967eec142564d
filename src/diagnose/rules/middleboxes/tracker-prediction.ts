import { defineRule } from '../../legacy.js'
import type { DataChannel, Session } from '../../../correlate/model.js'
import { announcementEvidence, commandLine, replyLine } from '../../words/evidence.js'
import { isEstablished } from '../../facts/passive.js'
import { isPlain, type Prediction, predict, type Spoken, spokenOf } from '../../alg/alg.js'
import { nfConntrackFtp } from '../../alg/nf-conntrack-ftp.js'
import { TRACKERS } from '../../alg/algs.js'

/** A tracker more or less that cannot read a working announcement is no news. */
const MANY = 3
const TREATED: Record<Prediction['treatment'], string> = {
  recognised: 'recognises it',
  missed: 'lets it pass unread',
  dropped: 'drops the segment',
  closed: 'ends the session',
}
/** Announcements of one session that are replayed: clients repeat themselves. */
const MAX_REPLAYED = 64

export const trackerPrediction = defineRule({
  id: 'tracker-prediction',
  title: 'not every FTP ALG would recognize the announcement',
  severity: 'info',
  side: 'unknown',
  level: 'remark',
  remedy: [
    'Where one of them is on the way: another mode, another wording, or a fixed passive range that is open without help',
  ],
  references: TRACKERS.map(({ name, source }) => `${name}: ${source}`),
  samples: { reports: 'made/tracker-prediction.pcap', silent: 'made/tracker-prediction--silent.pcap' },

  *check(session) {
    const worst = mostInteresting(session)
    if (!worst) return
    const { channel, spoken, deviations } = worst
    const announcement = channel.announcement!
    const words =
      announcement.mode === 'passive' && announcement.reply
        ? replyLine(announcement.reply)
        : commandLine(announcement.exchange)
    const others = TRACKERS.length - deviations.length
    yield {
      confidence: 'high',
      harmless: true,
      message: `"${words}" as captured: ${deviations
        .map(({ tracker, treatment, why }) => `${tracker.name} ${TREATED[treatment]} (${why})`)
        .join(
          '; ',
        )}; ${others === 0 ? 'no tracker replayed here recognises it' : others === 1 ? 'the other one recognises it' : `the other ${others} recognise it`}.`,
      evidence: [
        announcementEvidence(
          announcement,
          spoken.place === 'split'
            ? 'split over two segments'
            : spoken.place === 'behind'
              ? 'not at the start of its segment'
              : `control connection between ${session.client.address} and ${session.server.address}`,
        ),
      ],
      remedy: [
        'where one of these is on the way: EPSV, whose answer names no address and has the same form almost everywhere; or a fixed passive range that is open and forwarded without help: ftpscope firewall CAPTURE --no-helper --for nftables',
        ...deviations.slice(0, 3).map(({ tracker }) => `${tracker.name}: ${tracker.source}`),
      ],
      channel,
    }
  },
})

interface Replayed {
  channel: DataChannel
  spoken: Spoken
  deviations: Prediction[]
}

/** Of the session's announcements that some tracker would not follow, the one that failed, or else that most of them would miss. */
function mostInteresting(session: Session): Replayed | null {
  let best: Replayed | null = null
  let bestWeight = 0
  let looked = 0
  for (const channel of session.channels) {
    const { announcement } = channel
    if (!announcement || announcement.refused) continue
    if (isEstablished(channel) && isPlain(session, announcement)) continue
    const spoken = spokenOf(session, announcement)
    if (!spoken || ++looked > MAX_REPLAYED) continue
    const deviations = TRACKERS.map((tracker) => predict(tracker, spoken)).filter(
      ({ treatment }) => treatment !== 'recognised',
    )
    if (deviations.every(({ ofAddress }) => ofAddress)) continue
    const failed = !isEstablished(channel)
    const kernel = deviations.some(({ tracker }) => tracker === nfConntrackFtp)
    if (!failed && !kernel && deviations.length < MANY) continue
    const weight = deviations.length + (failed ? 100 : 0)
    if (weight > bestWeight) {
      best = { channel, spoken, deviations }
      bestWeight = weight
    }
  }
  return best
}
