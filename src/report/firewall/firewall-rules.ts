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
 * The rules that a firewall, NAT or load balancer needs for these sessions, in a form that it can load; `null` if none
 * of them is an FTP session with addresses that a rule can name. Only addresses and numbers from the capture enter the
 * text.
 */
export function firewallRules(sessions: readonly SessionReport[], options: FirewallOptions): string | null {
  const needs = planServers(sessions.filter(isFtp), options).map((server) => needsOf(server, options))
  return needs.length === 0 ? null : RENDERERS[options.dialect](needs, options)
}

/** Another protocol on the port needs other rules. */
function isFtp({ otherProtocol }: SessionReport): boolean {
  return otherProtocol === null
}
