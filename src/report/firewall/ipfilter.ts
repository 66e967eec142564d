import type { PortRange } from '../../diagnose/remedies/passive-range.js'
import { evidenceLines, headerLines } from './evidence.js'
import type { FirewallOptions } from './options.js'
import type { Needs, Permit } from './permits.js'

/**
 * A shell script that loads rules into `ipnat` and `ipf` (ipnat(5), ipf(5)). IPFilter's FTP proxy is part of its
 * address translation: `map … proxy port ftp ftp/tcp` for clients, `rdr … proxy ftp` for a server behind it.
 */
export function ipfilter(needs: readonly Needs[], options: FirewallOptions): string {
  const translation = needs.flatMap((need) => translationRules(need, options))
  const lines = [
    '#!/bin/sh',
    ...headerLines(needs, options).map(comment),
    comment(
      'Load: sh FILE. Rules are added to those already loaded; they must precede "block … quick" rules against them.',
    ),
    `external=${options.interface ?? 'em0'}   # the external interface`,
    ...(translation.length > 0 ? ['', comment('ipnat.conf'), 'ipnat -f - <<END', ...translation, 'END'] : []),
    ...([4, 6] as const).flatMap((version) => {
      const own = needs.filter(({ server }) => server.version === version)
      if (own.length === 0) return []
      return [
        '',
        comment(version === 4 ? 'ipf.conf' : 'ipf6.conf'),
        version === 4 ? 'ipf -f - <<END' : 'ipf -6 -f - <<END',
        ...own.flatMap((need) => [...evidenceLines(need).map(comment), ...need.permits.flatMap(passRules)]),
        'END',
      ]
    }),
  ]
  return `${lines.join('\n')}\n`
}

function translationRules({ helper, redirects, sources, returns, server }: Needs, { side }: FirewallOptions): string[] {
  if (side === 'client') {
    // 0/32 stands for the interface's own address, 0/0 for no change. IPv6 is not translated. A full source address
    // takes precedence over the network of the general rule, wherever it appears (ipnat(5), RULE ORDERING).
    const ports = helper && server.version === 4 ? helper.ports : []
    return [
      ...ports.flatMap((port) =>
        server.clients.map(
          ({ inside, translated }) =>
            `map $external from ${inside}/32 to ${helper!.address}/32 port = ${port} -> ${translated ? '0/32' : '0/0'} proxy port ${port} ftp/tcp`,
        ),
      ),
      ...returns.map(
        ({ from, fromPorts: [port], client }) =>
          `rdr $external from ${from}/32${port ? ` ${portText(port)}` : ''} to any -> ${client} tcp`,
      ),
    ]
  }
  return [
    ...redirects.flatMap(({ outside, inside, ports }) =>
      ports.map(
        ({ low, high }) =>
          `rdr $external ${outside}/32 port ${low === high ? low : `${low}-${high}`} -> ${inside} port ${low} tcp${helper ? ' proxy ftp' : ''}`,
      ),
    ),
    ...sources.flatMap(({ inside, ports, outside }) =>
      (ports.length > 0 ? ports : [null]).map(
        (port) => `map $external from ${inside}/32${port ? ` ${portText(port)}` : ''} to any -> ${outside}/32 tcp`,
      ),
    ),
  ]
}

function passRules({ from, fromPorts, to, toPorts }: Permit): string[] {
  return combinations(from, fromPorts).flatMap((source) =>
    combinations(to, toPorts).flatMap((target) =>
      ['in', 'out'].map((way) => `pass ${way} quick proto tcp from ${source} to ${target} flags S keep state`),
    ),
  )
}

function combinations(addresses: readonly string[], ranges: readonly PortRange[]): string[] {
  const hosts = addresses.length > 0 ? addresses : ['any']
  return hosts.flatMap((host) => (ranges.length > 0 ? ranges.map((range) => `${host} ${portText(range)}`) : [host]))
}

/** `><` excludes both ends (ipf(5)). */
function portText({ low, high }: PortRange): string {
  if (low === high) return `port = ${low}`
  return high === 65535 ? `port > ${low - 1}` : `port ${low - 1} >< ${high + 1}`
}

function comment(line: string): string {
  return `# ${line}`
}
