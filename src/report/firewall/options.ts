import type { PortRange } from '../../diagnose/remedies/passive-range.js'

export const DIALECTS = ['nftables', 'iptables', 'ipfilter', 'pf', 'lvs'] as const
export type FirewallDialect = (typeof DIALECTS)[number]

export const FIREWALL_SIDES = ['server', 'client'] as const
export type FirewallSide = (typeof FIREWALL_SIDES)[number]

/** What the rules are for, and what the capture cannot tell. */
export interface FirewallOptions {
  dialect: FirewallDialect
  /** Whose firewall: that of the servers (the default), or that of the clients. */
  side?: FirewallSide
  /** False: no FTP helper or proxy, fixed ports only. */
  helper?: boolean
  /** The passive range that the servers are set to; otherwise it is drawn around the ports seen. */
  passiveRange?: PortRange
  /** Only between the addresses seen, instead of from or to anywhere. */
  onlySeen?: boolean
  /** Inside addresses of the server: behind NAT, or the real servers of a balancer. Only where the sessions go to one server. */
  inside?: readonly string[]
  /** The address of the server that clients dial, likewise. */
  outside?: string
  /** Name of the outside interface, for the dialects that need one. */
  interface?: string
}
