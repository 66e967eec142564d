import type { SessionReport } from '../contract.js'
import { ipfilter } from './ipfilter.js'
import { iptables } from './iptables.js'
import { lvs } from './lvs.js'
import { nftables } from './nftables.js'
import type { FirewallDialect, FirewallOptions } from './options.js'
import { type Needs, needsOf } from './permits.js'
import { pf } from './pf.js'
import { planServers } from './server-plan.js'

const RENDERERS: Record<FirewallDialect, (needs: readonly Needs[], options: FirewallOptions) => string> = {
  nftables,
  iptables,
  ipfilter,
  pf,
  lvs,
}

/**
 * The rules that a firewall, translator or balancer needs for these sessions, as a text that it loads; `null` when none of them
 * is one of FTP with addresses that a rule can name. Only addresses and numbers of the capture enter the text.
 */
export function firewallRules(sessions: readonly SessionReport[], options: FirewallOptions): string | null {
  const needs = planServers(sessions.filter(isFtp), options).map((server) => needsOf(server, options))
  return needs.length === 0 ? null : RENDERERS[options.dialect](needs, options)
}

/** Another protocol on the port needs other rules. */
function isFtp({ otherProtocol }: SessionReport): boolean {
  return otherProtocol === null
}
