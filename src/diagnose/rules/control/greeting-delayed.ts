import { defineRule, greetingOf, repliesOf, type Evidence } from '../../legacy.js'
import { seconds } from '../../words/quantities.js'
import type { Connection } from '../../../tcp/connection.js'
import { closingOf } from '../../facts/control.js'
import { at, endpointText, replyEvidence, resetEvidence, synEvidence } from '../../words/evidence.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

/** Slower than any start of a process; look-ups that fail take 5 s and more. */
const LATE_NS = 3e9

export const greetingDelayed = defineRule({
  id: 'greeting-delayed',
  title: 'greeting is delayed',
  severity: 'warning',
  side: 'server',
  level: 'remark',
  remedy: ['Switch off look-ups of the client'],
  references: ['RFC 959 §5.4', 'RFC 1413 (ident)'],
  samples: { reports: 'made/greeting-delayed.pcap', silent: 'made/greeting-delayed--silent.pcap' },

  *check(session) {
    const { control, dialogue, surroundings } = session
    const greeting = greetingOf(session)
    const opened = control.established
    if (!greeting || !opened || control.midstream || dialogue.otherProtocol) return
    const delay = greeting.time - opened.time
    if (delay < LATE_NS) return
    const closing = closingOf(control)
    const gaveUp = closing?.direction === 0 && closing.time <= greeting.time
    const announced = [...repliesOf(session)].find((said) => said.reply.code === 120)?.reply
    const ident = surroundings.ident.find((c) => isSilent(c))
    const asked = surroundings.ident[0]
    const server = endpointText(control.responder.address, control.responder.port)
    yield {
      severity: gaveUp ? 'error' : 'warning',
      side: ident ? 'client-network' : 'server',
      confidence: ident || announced ? 'high' : 'medium',
      message: `The greeting of ${server} came ${seconds(delay)} after the handshake${gaveUp ? ', when the client had given up already' : ''}. ${
        ident
          ? `Meanwhile the server asked ${control.initiator.address}:113 (ident) who is calling and got no answer to ${ident.synAttempts} SYNs.`
          : announced
            ? 'It had announced the delay with 120.'
            : `Usually that is a look-up of the client's name (${control.initiator.address}) that no DNS server answers, or an overloaded host.`
      }`,
      evidence: [
        replyEvidence(greeting, `${seconds(delay)} after the handshake`),
        at(opened, 'the handshake is complete'),
        ...(announced ? [replyEvidence(announced)] : []),
        ...(ident ? synEvidence(ident) : asked ? identEvidence(asked) : []),
        ...(gaveUp ? [at(closing, 'the client closes')] : []),
      ],
      remedy: [
        serverRemedy(dialogue.serverSoftware, 'no look-ups of the client', (s) => s.lookups),
        ident
          ? `or let the client's firewall answer port 113 with RST instead of dropping it: iptables -p tcp --dport 113 -j REJECT --reject-with tcp-reset; nftables: tcp dport 113 reject with tcp reset`
          : `or give ${control.initiator.address} a reverse DNS entry that the server's resolver can reach`,
      ],
    }
  },
})

/** Neither a handshake nor a RST: the server waits for its own timer. */
function isSilent(connection: Connection): boolean {
  return connection.synAckAttempts === 0 && connection.resetCount === 0
}

function identEvidence(connection: Connection): Evidence[] {
  const reset = connection.resets[0]
  const syn = synEvidence(connection).slice(0, 1)
  return reset ? [...syn, resetEvidence(reset, connection.responder.address)] : syn
}
