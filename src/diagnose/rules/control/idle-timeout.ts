import { defineRule } from '../../legacy.js'
import { seconds } from '../../words/quantities.js'
import { at, endpointText, replyEvidence, replyLine } from '../../words/evidence.js'
import { idleEnd, type IdleEnd } from '../../facts/server-words.js'
import { clientRemedy } from '../../remedies/settings/client-settings.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

/** Timers that servers come with, in seconds: 60 vsftpd accept, 120 IIS and FileZilla, 300 vsftpd and pyftpdlib, 600 ProFTPD, 900 Pure-FTPd. */
const USUAL_TIMERS = [60, 120, 180, 300, 600, 900, 1800, 3600]
/** A server notices within this part of the timer, or a second. */
const TOLERANCE = 0.03

export const idleTimeout = defineRule({
  id: 'idle-timeout',
  title: 'server closed an idle session',
  severity: 'warning',
  side: 'server',
  level: 'symptom',
  explains: ['control-idle-dropped'],
  remedy: ['Raise the timer, or let the client send NOOP or reconnect'],
  references: ['RFC 959 §4.2.2 (421)', 'RFC 1123 §4.1.3.2 (idle timeout, at least 5 minutes)'],
  samples: { reports: 'made/idle-timeout.pcap', silent: 'made/idle-timeout--silent.pcap' },
  needs: ['refusal'],

  *check(session) {
    const end = idleEnd(session)
    if (!end) return
    const { control, dialogue } = session
    const next = dialogue.exchanges.find(
      (exchange) => exchange.command !== null && exchange.command !== 'QUIT' && exchange.frame > end.reply.frame,
    )
    const timer = timerOf(end)
    yield {
      confidence: end.inWords || timer !== null ? 'high' : 'medium',
      message: `${endpointText(control.responder.address, control.responder.port)} ended the session of ${control.initiator.address} after ${seconds(end.silence)} of silence: "${replyLine(end.reply)}"${
        timer === null ? '' : ` (its timer: ${timer} s)`
      }.${next ? ` The client's next command, ${next.command!}, came too late.` : ''}`,
      evidence: [
        replyEvidence(end.reply, `${seconds(end.silence)} after the last sign of life`),
        at(end.since, 'last sign of life'),
        ...(next ? [at(next, `${next.command!}, after the server had closed`)] : []),
      ],
      remedy: [
        serverRemedy(dialogue.serverSoftware, 'a longer idle time', (s) => s.idleTimeout),
        `or ${clientRemedy(dialogue.clientSoftware, 'NOOP while idle, or a new connection for each job', (c) => c.keepAlive)}`,
      ],
    }
  },
})

/** Seconds of the timer that ran out: as the server says, or the usual one that fits the silence. */
function timerOf(end: IdleEnd): number | null {
  const stated = /(\d{1,6})\s*(s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?)\b/i.exec(end.reply.text)
  if (stated) return Number(stated[1]) * (stated[2]!.toLowerCase().startsWith('m') ? 60 : 1)
  const silence = end.silence / 1e9
  return USUAL_TIMERS.find((timer) => Math.abs(silence - timer) <= Math.max(1, timer * TOLERANCE)) ?? null
}
