import { evidenceLines, headerLines } from './evidence.js'
import type { FirewallOptions } from './options.js'
import type { Needs } from './permits.js'

/** Seconds that a client stays with its real server (ipvsadm(8), -p); longer than control connections stay idle. */
const PERSISTENCE = 3600

/**
 * A shell script for an LVS director (ipvsadm(8)): ip_vs_ftp with masquerading if announcements are in clear text;
 * otherwise one persistent firewall-mark service over control ports and passive range, so that all connections of a
 * client reach the same real server.
 */
export function lvs(needs: readonly Needs[], options: FirewallOptions): string {
  const helped = needs.filter(({ helper }) => helper)
  const ports = [...new Set([21, ...helped.flatMap(({ server }) => server.controlPorts)])]
  const marks = needs.map((need, index) => ({ need, mark: 21 + index })).filter(({ need }) => !need.helper)
  const lines = [
    '#!/bin/sh',
    ...headerLines(needs, options).map(comment),
    comment('For the director. Load: sh FILE, as root.'),
    comment('The virtual address is the one that clients connect to.'),
    comment('With masquerading (-m), the director must be the gateway of the real servers.'),
    'set -e',
    ...(helped.length > 0 ? [`modprobe ip_vs_ftp ports=${ports.join(',')}`] : []),
    ...([4, 6] as const).flatMap((version) =>
      tables(
        version,
        marks.filter(({ need }) => need.server.version === version),
      ),
    ),
    '',
    ...needs.flatMap((need) => [...evidenceLines(need), ...missingServers(need)]).map(comment),
    'ipvsadm --restore <<END',
    ...needs.flatMap((need) => services(need, marks.find((marked) => marked.need === need)?.mark ?? null)),
    'END',
  ]
  return `${lines.join('\n')}\n`
}

/** Real servers are known only if their own addresses were captured. */
function missingServers({ server }: Needs): string[] {
  return server.translated
    ? []
    : [`  name the real servers of ${server.outside!} with --inside: the capture does not show them`]
}

/**
 * Marks that tie the ports of a server together, and source NAT for connections that the real servers open themselves.
 */
function tables(version: 4 | 6, marked: readonly { need: Needs; mark: number }[]): string[] {
  if (marked.length === 0) return []
  const rules = marked.flatMap(({ need: { server }, mark }) => {
    const { low, high } = server.passive.advice
    const to = server.outside ?? server.inside[0]!
    return [...server.controlPorts.map(String), `${low}:${high}`].map(
      (ports) => `-A FTPSCOPE -d ${to} -p tcp --dport ${ports} -j MARK --set-mark ${mark}`,
    )
  })
  const sources = marked.flatMap(({ need: { server } }) =>
    server.translated && server.outside !== null && server.active.count > 0
      ? server.inside.flatMap((real) =>
          server.controlPorts.map(
            (port) => `-A FTPSCOPE_OUT -s ${real} -p tcp --sport ${port - 1} -j SNAT --to-source ${server.outside!}`,
          ),
        )
      : [],
  )
  return [
    '',
    `${version === 4 ? 'iptables' : 'ip6tables'}-restore --noflush <<END`,
    ...['*mangle', ':FTPSCOPE - [0:0]', ...rules, '-I PREROUTING -j FTPSCOPE', 'COMMIT'],
    ...(sources.length > 0
      ? ['*nat', ':FTPSCOPE_OUT - [0:0]', ...sources, '-I POSTROUTING -j FTPSCOPE_OUT', 'COMMIT']
      : []),
    'END',
  ]
}

function services({ server }: Needs, mark: number | null): string[] {
  const { outside, inside, translated, version, controlPorts } = server
  const real = translated ? inside : []
  const host = (address: string): string => (version === 6 ? `[${address}]` : address)
  const virtual = outside ?? inside[0]!
  if (mark === null) {
    return controlPorts.flatMap((port) => [
      `-A -t ${host(virtual)}:${port} -s wlc -p ${PERSISTENCE}`,
      ...real.map((address) => `-a -t ${host(virtual)}:${port} -r ${host(address)}:${port} -m`),
    ])
  }
  const family = version === 6 ? ' -6' : ''
  return [
    `-A -f ${mark}${family} -s wlc -p ${PERSISTENCE}`,
    ...real.map((address) => `-a -f ${mark}${family} -r ${host(address)}:0 -m`),
  ]
}

function comment(line: string): string {
  return `# ${line}`
}
