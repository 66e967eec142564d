import { defineRule, type Evidence } from '../../legacy.js'
import type { Confidence } from '../../confidence.js'
import { finalReply } from '../../../ftp/model.js'
import { resetOrigin } from '../../facts/reset-origin.js'
import { seconds } from '../../words/quantities.js'
import type { Session } from '../../../correlate/model.js'
import type { Exchange } from '../../../ftp/model.js'
import { Direction, type ResetSighting, type Sighting } from '../../../tcp/connection.js'
import { announcementEvidence, at, commandEvidence, commandLine, endpointText } from '../../words/evidence.js'
import { type Side } from '../../rule.js'

/** What a box objects to came right before its RST. */
const PROVOCATION_NS = 3e9
/** A server that resets after so long ran into a timer, its own or that of a box on the way. */
const TIMER_NS = 50e9
/** RSTs to both ends within this time come from one box between them: no host answers a RST by a RST. */
const BOTH_ENDS_NS = 50e6

export const controlReset = defineRule({
  id: 'control-reset',
  title: 'control connection was reset',
  severity: 'error',
  side: 'unknown',
  level: 'aftermath',
  remedy: ['Look at the log of whoever sent the RST'],
  references: ['RFC 9293 §3.5.3', 'RFC 959 §2.3, §5.3', 'RFC 3128 §2.2 (forged RST)'],
  samples: { reports: 'made/control-reset.pcap', silent: 'made/control-reset--silent.pcap' },
  needs: ['reset'],

  *check(session) {
    const { control } = session
    const reset = control.resets.find((r) => !r.answersSyn)
    if (!reset || control.flows[Direction.FromResponder].end === 0 || isOver(session, reset)) return
    const origin = resetOrigin(session, control, reset)
    const byClient = reset.direction === Direction.FromInitiator
    const pending = openCommand(session, reset)
    const box = origin.foreign || resetsBothEnds(session, reset)
    // A client that has nothing more to ask may close as it likes; under TLS nobody sees whether it said QUIT.
    if (!box && (session.dialogue.opaqueFrom || (byClient && !pending))) return
    const provocation = provocationBefore(session, reset)
    const before = lastWords(session, reset)
    const silence = before ? reset.time - before.time : 0
    const host = byClient ? control.initiator : control.responder
    const who = endpointText(host.address, host.port)
    yield {
      side: sideOf(box, byClient),
      confidence: confidenceOf(box, origin.usual, provocation !== null),
      message: `The control connection of ${control.initiator.address} to ${endpointText(control.responder.address, control.responder.port)} was reset by a RST in the name of ${who}${
        pending ? ` while ${commandLine(pending)} was open` : ''
      }. ${originText(session, reset)}${
        provocation ? ` Right before it: ${provocation.what}, which strict FTP inspection answers this way.` : ''
      }${!provocation && silence >= TIMER_NS ? ` It came after ${seconds(silence)} of silence, as when an idle timer runs out.` : ''}`,
      evidence: [
        at(
          reset,
          `RST in the name of ${host.address} (TTL ${reset.hopLimit}, window ${reset.window}, IP ID ${reset.identification}${
            origin.usual === null ? '' : `; TTL of its other packets ${origin.usual}`
          })`,
        ),
        ...usualPacket(session, reset),
        ...(provocation ? [provocation.evidence] : []),
        ...(pending ? [commandEvidence(pending, 'open at that time')] : []),
      ],
      remedy: box
        ? [
            'find the box that forges RSTs: the difference of the TTLs tells how far it is; firewalls and intrusion prevention log it',
            'relax its FTP inspection (Cisco ASA: inspect ftp without strict; others: FTP ALG or protocol enforcement off), or let the client send commands as RFC 959 wants them: CRLF, one at a time, ports above 1023',
          ]
        : byClient
          ? [`on ${host.address}: the log of the client program: a time limit, a crash, an abort by the user`]
          : [
              `on ${host.address}: the log of the FTP server: a crash, a kill, an overload; for a balancer or proxy before it: its idle timer and the health of its real servers`,
            ],
      rivals: silence >= TIMER_NS ? ['control-idle-dropped', 'idle-timeout'] : [],
    }
  },
})

/** The session had been ended before in an orderly way: FIN, QUIT, 221, 421 or a TLS alert. */
function isOver(session: Session, reset: ResetSighting): boolean {
  if (session.control.flows.some(({ fin }) => fin !== null && fin.frame < reset.frame)) return true
  // Under TLS the last words are an alert, close_notify or one that nobody can read.
  const alerts = session.dialogue.tls?.alerts ?? []
  if (alerts.some(({ frame, level, description }) => frame < reset.frame && (level === null || description === 0)))
    return true
  for (const exchange of session.dialogue.exchanges) {
    if (exchange.command === 'QUIT' && exchange.frame < reset.frame) return true
    if (exchange.replies.some((reply) => (reply.code === 221 || reply.code === 421) && reply.frame < reset.frame))
      return true
  }
  return false
}

/** The last command that still waits for its final reply. */
function openCommand(session: Session, reset: Sighting): Exchange | null {
  const last = session.dialogue.exchanges.findLast((e) => e.command !== null && e.frame < reset.frame)
  const reply = last ? finalReply(last) : null
  return last && (reply === null || reply.frame > reset.frame) ? last : null
}

function lastWords(session: Session, reset: Sighting): Sighting | null {
  let last: Sighting | null = null
  for (const exchange of session.dialogue.exchanges) {
    for (const sighting of [exchange, ...exchange.replies]) {
      if (sighting.frame < reset.frame && (!last || sighting.time > last.time)) last = sighting
    }
  }
  return last
}

function resetsBothEnds(session: Session, reset: ResetSighting): boolean {
  return session.control.resets.some(
    (other) => other.direction !== reset.direction && Math.abs(other.time - reset.time) < BOTH_ENDS_NS,
  )
}

/** What strict inspection objects to, right before the RST: a bare LF, pipelining, a port below 1024. */
function provocationBefore(session: Session, reset: ResetSighting): { what: string; evidence: Evidence } | null {
  const { exchanges, announcements } = session.dialogue
  const recent = (sighting: Sighting) => sighting.frame < reset.frame && reset.time - sighting.time < PROVOCATION_NS
  const bare = exchanges.findLast((e) => e.bareLineFeed && recent(e))
  if (bare)
    return { what: 'a line that ends in LF without CR', evidence: commandEvidence(bare, 'ends in LF without CR') }
  const low = announcements.findLast((a) => a.port !== null && a.port < 1024 && recent(a))
  if (low)
    return {
      what: `an announcement of port ${low.port!}`,
      evidence: announcementEvidence(low, 'port below 1024'),
    }
  const piped = exchanges.findLast((e, i) => e.command !== null && recent(e) && isPipelined(exchanges[i - 1], e))
  if (piped)
    return {
      what: 'a command sent before the reply to the one before it',
      evidence: commandEvidence(piped, 'sent before the reply to the command before it'),
    }
  return null
}

function isPipelined(before: Exchange | undefined, command: Exchange): boolean {
  const reply = before?.command ? before.replies[0] : undefined
  return reply !== undefined && reply.frame > command.frame
}

function originText(session: Session, reset: ResetSighting): string {
  const { foreign, usual } = resetOrigin(session, session.control, reset)
  if (foreign) return `Its TTL ${reset.hopLimit} is not that host's (${usual}): a box on the way forged it.`
  if (resetsBothEnds(session, reset))
    return 'Both ends were reset at the same moment, as a box between them does: no host answers a RST by a RST.'
  return usual === null
    ? `Its TTL is ${reset.hopLimit}; no other packet of that host was captured to compare.`
    : `Its TTL ${reset.hopLimit} is that host's own.`
}

/** A packet of the host that the RST can be compared with. */
function usualPacket(session: Session, reset: ResetSighting): Evidence[] {
  const { control } = session
  const flow = control.flows[reset.direction]
  const packet = (reset.direction === Direction.FromInitiator ? control.syns[0] : control.synAcks[0]) ?? flow.firstData
  return packet ? [at(packet, `packet of the same host with TTL ${flow.hopLimit}`)] : []
}

function sideOf(box: boolean, byClient: boolean): Side {
  if (box) return 'path'
  return byClient ? 'client' : 'server'
}

function confidenceOf(box: boolean, usual: number | null, provoked: boolean): Confidence {
  if (box || provoked) return 'high'
  return usual === null ? 'low' : 'medium'
}
