import { defineRule } from '../../legacy.js'
import { unseenDirection } from '../../facts/control.js'
import { at, endpointText } from '../../words/evidence.js'

export const captureStartsInside = defineRule({
  id: 'capture-starts-inside',
  title: 'capture starts in the middle of a session',
  severity: 'info',
  side: 'unknown',
  level: 'remark',
  decides: false,
  betterCapture: () => 'A capture that is started before the client connects would settle it.',
  remedy: ['Start the capture before the client connects'],
  references: [],
  samples: { reports: 'made/capture-starts-inside.pcap', silent: 'made/capture-starts-inside--silent.pcap' },

  *check(session) {
    const { control, dialogue } = session
    if (!control.midstream || unseenDirection(control) !== null) return
    // A lone RST or the last packets of a connection that is over are no session.
    if (control.flows[0].end + control.flows[1].end === 0) return
    const unannounced = session.channels.find((c) => c.transfer && !c.announcement)
    yield {
      severity: unannounced || hidesLogin(dialogue.login) ? 'warning' : 'info',
      confidence: 'high',
      message: `The control connection ${endpointText(control.initiator.address, control.initiator.port)} to ${endpointText(control.responder.address, control.responder.port)} was open when the capture began; what was said before is unknown${
        unannounced ? `, so is the announcement that ${unannounced.transfer!.command.command} relies on` : ''
      }.`,
      evidence: [
        at(control.first, 'first captured packet, no SYN'),
        ...(unannounced ? [at(unannounced.transfer!.command.exchange, 'no announcement of it was captured')] : []),
      ],
      remedy: ['start the capture first, then let the client connect anew'],
    }
  },
})

/** The result of the login is missing, so a failure behind it may be its consequence. */
function hidesLogin(login: string): boolean {
  return login === 'none' || login === 'unknown'
}
