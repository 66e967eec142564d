import type { Endpoint } from '../../../tcp/connection.js'
import { lacksBeginning } from '../../facts/holes.js'
import { defineRule, type Fact } from '../../rule.js'
import { at, type CommandFact, commandFact, endpointText } from '../../words/evidence.js'

export interface StartsInside extends Fact {
  kind: 'starts-inside'
  client: Endpoint
  server: Endpoint
  /** The result of the login is not known, so a later failure may be its consequence. */
  loginUnknown: boolean
  /** A transfer command whose announcement was not captured. */
  unannounced: CommandFact | null
}

export const captureStartsInside = defineRule<StartsInside>({
  id: 'capture-starts-inside',
  title: 'capture starts in the middle of a session',
  severity: 'info',
  side: 'unknown',
  level: 'remark',
  decides: false,
  betterCapture: () => 'Start the capture before the client connects.',
  references: [],
  samples: { reports: 'made/capture-starts-inside.pcap', silent: 'made/capture-starts-inside--silent.pcap' },
  needs: ['incomplete'],
  *check(session, { unseen }) {
    const { control, client, server, channels, dialogue } = session
    // A filter may have left out the handshake.
    if (!lacksBeginning(session) || unseen !== null) return
    // A lone RST or the last packets of a finished connection are not a session.
    if (control.flows[0].end + control.flows[1].end === 0) return
    const transfer = channels.find((channel) => channel.transfer && !channel.announcement)?.transfer ?? null
    const exchange = transfer && transfer.command.exchange
    const loginUnknown = dialogue.login === 'none' || dialogue.login === 'unknown'
    yield {
      fact: { kind: 'starts-inside', client, server, loginUnknown, unannounced: exchange && commandFact(exchange) },
      severity: exchange || loginUnknown ? 'warning' : 'info',
      confidence: 'high',
      evidence: [
        at(control.first, 'first captured packet, not a SYN'),
        ...(exchange ? [at(exchange, 'its announcement was not captured')] : []),
      ],
    }
  },
  texts: {
    message({ client, server, unannounced }) {
      const from = endpointText(client.address, client.port)
      const to = endpointText(server.address, server.port)
      const missing = unannounced ? `, and so is the announcement that ${unannounced.command} relies on` : ''
      const open = `The control connection from ${from} to ${to} was already open when the capture began`
      return `${open}; what was exchanged before is unknown${missing}.`
    },
  },
  remedy: () => ['start the capture first, then let the client connect again'],
})
