import type { Endpoint } from '../../../tcp/connection.js'
import { hasOpenQuestions } from '../../facts/capture-facts.js'
import { isOpened } from '../../facts/control.js'
import { defineRule, type Fact } from '../../rule.js'
import { at, endpointText, phraseEvidence } from '../../words/evidence.js'
import { Quote, type Shown } from '../../words/quote.js'

export interface SessionCutOff extends Fact {
  /** What the capture does not show: the use of a data connection, the outcome of a command, or nothing requested. */
  kind: 'unused-data-connection' | 'open-command' | 'nothing-open'
  /** Address of the client. */
  client: string
  server: Endpoint
  /** Address and port of the data connection, as text. */
  target: string | null
  /** The verb. */
  command: Quote | null
}

export const captureEndsInside = defineRule<SessionCutOff>({
  id: 'capture-ends-inside',
  title: 'capture ends in the middle of a session',
  severity: 'info',
  side: 'unknown',
  level: 'remark',
  decides: false,
  betterCapture: () => 'Capture until the client has closed or given up.',
  references: [],
  samples: { reports: 'made/capture-ends-inside.pcap', silent: 'made/capture-ends-inside--silent.pcap' },
  needs: ['incomplete'],
  *check(session, { unseen, unusedAtEnd }) {
    const { control, client, server, cutOff, dialogue } = session
    if (!cutOff || !isOpened(control) || unseen !== null) return
    if (control.flows[0].end + control.flows[1].end === 0) return
    const open = hasOpenQuestions(session)
    const unused = unusedAtEnd?.connection ?? null
    const last = dialogue.exchanges.findLast(({ command }) => command !== null)
    const pending = open && !unused && last ? last : null
    yield {
      fact: {
        kind: unused ? 'unused-data-connection' : pending ? 'open-command' : 'nothing-open',
        client: client.address,
        server,
        target: unused && endpointText(unused.responder.address, unused.responder.port),
        command: pending && new Quote(pending.command!),
      },
      severity: open ? 'warning' : 'info',
      confidence: 'high',
      evidence: [
        at(control.last, 'last captured packet of the control connection'),
        ...(unused ? [at(unused.first, 'data connection, not yet used')] : []),
        ...(pending ? [phraseEvidence(pending, '', pending.command!, ', still pending')] : []),
      ],
    }
  },
  texts: {
    message(fact) {
      const { client, server } = fact
      const session = `the session between ${client} and ${endpointText(server.address, server.port)}`
      return `The capture ends while ${session} is still open${missingWords(fact)}.`
    },
  },
  remedy: () => ['capture longer: until the client reports its error or closes'],
})

function missingWords({ target, command }: Shown<SessionCutOff>): string {
  if (target !== null) return `, before the data connection to ${target} was used`
  return command === null ? '' : `, before the outcome of ${command} is known`
}
