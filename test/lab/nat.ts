import { addressesOf } from './addresses.js'
import type { Host, Scenario } from './scenario.js'

/** The nft ruleset of a host before any fault: what the topology says about address translation. */
export function rulesOf(scenario: Scenario, host: Host): string {
  const { topology } = scenario
  if (host === 'rc' && topology.client === 'nat') return clientNat(scenario)
  if (host === 'rs' && topology.server === 'nat') return serverNat(scenario)
  return ''
}

function clientNat({ topology, server }: Scenario): string {
  const uplinks = topology.uplinks ?? []
  const map = uplinks.map((uplink, index) => `${index} : ${uplink}`).join(', ')
  const source = uplinks.length > 1 ? `snat to numgen inc mod ${uplinks.length} map { ${map} }` : 'masquerade'
  return `table ip nat {
${helper(topology.clientHelper === true, 'eth0', server.port ?? 21)}
 chain postrouting {
  type nat hook postrouting priority 100 ;
  oifname "eth1" ${source}
 }
 chain forward {
  type filter hook forward priority 0 ;
  iifname "eth1" ct state established,related accept
  iifname "eth1" drop
 }
 chain input {
  type filter hook input priority 0 ;
  iifname "eth1" ct state new drop
 }
}
`
}

function serverNat({ topology, server }: Scenario): string {
  const to = addressesOf(topology).server
  const [low, high] = server.passiveRange ?? DEFAULT_PASSIVE_RANGE
  const ports = topology.forward === undefined ? `${low}-${high}` : topology.forward
  const range = ports === null ? '' : `  iifname "eth0" tcp dport ${ports} dnat to ${to}`
  return `table ip nat {
${helper(topology.serverHelper === true, 'eth0', server.port ?? 21)}
 chain prerouting {
  type nat hook prerouting priority -100 ;
  iifname "eth0" tcp dport ${server.port ?? 21} dnat to ${to}
${range}
 }
 chain postrouting {
  type nat hook postrouting priority 100 ;
  oifname "eth0" masquerade
 }
}
`
}

export const DEFAULT_PASSIVE_RANGE = [50000, 50100] as const

function helper(wanted: boolean, inside: string, port: number): string {
  if (!wanted) return ''
  return ` ct helper ftp {
  type "ftp" protocol tcp ;
 }
 chain helpers {
  type filter hook prerouting priority 0 ;
  iifname "${inside}" tcp dport ${port} ct helper set "ftp"
 }`
}
