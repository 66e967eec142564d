/** What was seen, for comments. Only numbers and addresses are taken from the capture, never its texts. */
import type { FirewallOptions } from './options.js'
import { clientText, type Needs } from './permits.js'
import type { ServerPlan } from './server-plan.js'

const MOST_LISTED = 8

/** The lines above the rules of one server. */
export function evidenceLines({ server, remarks }: Needs): string[] {
  return [headline(server), ...[sessionText(server), ...dataText(server), ...remarks].map((line) => `  ${line}`)]
}

export function headline({ outside, inside, translated, settings }: ServerPlan): string {
  const software = settings ? `, ${settings.name}` : ''
  if (!translated) return `Server ${outside}${software}`
  return outside === null
    ? `Server ${inside.join(', ')} behind NAT${software}`
    : `Server ${outside}, behind NAT ${inside.join(', ')}${software}`
}

function sessionText({ sessions, clients, controlPorts, tlsSessions }: ServerPlan): string {
  const tls =
    tlsSessions === 0 ? '' : tlsSessions === sessions.length ? ', under TLS' : `, ${tlsSessions} of them under TLS`
  const ids = `${sessions.length === 1 ? 'session' : 'sessions'} ${listed(sessions.map(String))}`
  const ports = `control port${controlPorts.length > 1 ? 's' : ''} ${listed(controlPorts.map(String))}`
  return `seen: ${ids} from ${listed(clients.map(clientText))}${tls}; ${ports}`
}

function* dataText({ passive, active, passive: { seen } }: ServerPlan): Generator<string> {
  if (seen) {
    const ports = seen.low === seen.high ? `port ${seen.low}` : `ports ${seen.low} to ${seen.high}`
    yield `seen: ${passive.count} passive data ${passive.count === 1 ? 'connection' : 'connections'} to ${ports}`
  }
  if (active.count > 0) {
    const from =
      active.sourcePorts.length > 0 ? `, from port ${listed(active.sourcePorts.map(String))} of the server` : ''
    yield `seen: ${active.count} active data ${active.count === 1 ? 'connection' : 'connections'} requested${from}`
  }
  if (!seen && active.count === 0) yield 'seen: no data connections'
}

function listed(items: readonly string[]): string {
  const shown = items.slice(0, MOST_LISTED).join(', ')
  return items.length > MOST_LISTED ? `${shown} and ${items.length - MOST_LISTED} more` : shown
}

/** The first lines of every output. */
export function headerLines(needs: readonly Needs[], { side = 'server' }: FirewallOptions): string[] {
  const sessions = needs.reduce((sum, { server }) => sum + server.sessions.length, 0)
  const count = `${sessions} FTP session${sessions === 1 ? '' : 's'} with ${needs.length} server${needs.length === 1 ? '' : 's'}`
  return [`ftpscope: for the ${side}'s side of ${count}, as captured`]
}
