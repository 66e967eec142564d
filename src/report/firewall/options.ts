import type { PortRange } from '../../diagnose/remedies/passive-range.js'

export const DIALECTS = ['nftables', 'iptables', 'ipfilter', 'pf', 'lvs'] as const
export type FirewallDialect = (typeof DIALECTS)[number]

export const FIREWALL_SIDES = ['server', 'client'] as const
export type FirewallSide = (typeof FIREWALL_SIDES)[number]

/** What the rules are for, and what the capture cannot show. */
export interface FirewallOptions {
  dialect: FirewallDialect
  /** The side that the firewall is on: that of the servers (the default), or that of the clients. */
  side?: FirewallSide
  /** False: no FTP helper or proxy, fixed ports only. */
  helper?: boolean
  /** The passive range configured on the servers; by default a range around the ports seen. */
  passiveRange?: PortRange
  /** Only between the addresses seen, instead of any address. */
  onlySeen?: boolean
  /**
   * Private addresses of the server behind NAT, or of the real servers of a load balancer. Only if all sessions go to
   * one server.
   */
  inside?: readonly string[]
  /** The server address that clients connect to, likewise. */
  outside?: string
  /** Name of the external interface, for the dialects that need one. */
  interface?: string
}
