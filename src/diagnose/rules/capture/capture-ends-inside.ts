import { defineRule } from '../../legacy.js'
import { hasOpenQuestions, unusedAtEnd } from '../../facts/capture-facts.js'
import { isOpened, unseenDirection } from '../../facts/control.js'
import { at, endpointText } from '../../words/evidence.js'

export const captureEndsInside = defineRule({
  id: 'capture-ends-inside',
  title: 'capture ends in the middle of a session',
  severity: 'info',
  side: 'unknown',
  level: 'remark',
  decides: false,
  betterCapture: () => 'A capture that goes on until the client has closed, or has given up, would settle it.',
  remedy: ['Capture until the client has given up or is done'],
  references: [],
  samples: { reports: 'made/capture-ends-inside.pcap', silent: 'made/capture-ends-inside--silent.pcap' },

  *check(session) {
    const { control } = session
    if (!session.cutOff || !isOpened(control) || unseenDirection(control) !== null) return
    if (control.flows[0].end + control.flows[1].end === 0) return
    const open = hasOpenQuestions(session)
    const unused = unusedAtEnd(session)?.connection
    const pending = session.dialogue.exchanges.findLast((exchange) => exchange.command !== null)
    const before = unused
      ? `, before the data connection to ${endpointText(unused.responder.address, unused.responder.port)} was used`
      : open && pending
        ? `, before the outcome of ${pending.command!} shows`
        : ''
    yield {
      severity: open ? 'warning' : 'info',
      confidence: 'high',
      message: `The capture ends while the session of ${control.initiator.address} with ${endpointText(control.responder.address, control.responder.port)} is open${before}.`,
      evidence: [
        at(control.last, 'last captured packet of the control connection'),
        ...(unused ? [at(unused.first, 'data connection, not used yet')] : []),
        ...(open && pending && !unused ? [at(pending, `${pending.command!}, still open`)] : []),
      ],
      remedy: ['capture longer: until the client reports its error, or closes'],
    }
  },
})
