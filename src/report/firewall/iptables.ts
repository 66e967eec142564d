import type { PortRange } from '../../diagnose/remedies/passive-range.js'
import { evidenceLines, headerLines } from './evidence.js'
import type { FirewallOptions } from './options.js'
import type { Needs, Permit } from './permits.js'

/**
 * A file for `iptables-restore --noflush` and `ip6tables-restore --noflush`: each loads the rules of its family (`-4`,
 * `-6`) and skips the others. Loading flushes our own chains; the jumps into them come first in the chains that drop.
 */
export function iptables(needs: readonly Needs[], options: FirewallOptions): string {
  const raw = needs.flatMap(({ helper, server }) =>
    helper
      ? [
          `-A FTPSCOPE -${server.version} -d ${helper.address} -p tcp ${ports('d', helper.ports.map(single))} -j CT --helper ftp`,
        ]
      : [],
  )
  const before = needs.flatMap(({ redirects, returns, server: { version } }) => [
    ...redirects.map(
      (r) =>
        `-A FTPSCOPE -${version} -d ${r.outside} -p tcp ${ports('d', r.ports)} -j DNAT --to-destination ${r.inside}`,
    ),
    ...returns.map(
      (r) =>
        `-A FTPSCOPE -${version} -s ${r.from} -p tcp${portMatch(r.fromPorts, r.ports)} -j DNAT --to-destination ${r.client}`,
    ),
  ])
  const after = needs.flatMap(({ sources, server: { version } }) =>
    sources.map(
      (s) =>
        `-A FTPSCOPE_OUT -${version} -s ${s.inside} -p tcp${portMatch(s.ports, [])} -j SNAT --to-source ${s.outside}`,
    ),
  )
  const families = [4, 6].filter((version) => needs.some(({ server }) => server.version === version))
  const commands = families.map((version) => (version === 4 ? 'iptables-restore' : 'ip6tables-restore'))
  const lines = [
    ...headerLines(needs, options).map(comment),
    comment(
      `Check: ${commands.map((command) => `${command} --noflush --test FILE`).join('; ')}; load: the same without --test.`,
    ),
    ...(raw.length > 0
      ? [comment('Needs the kernel modules nf_conntrack_ftp and, with NAT, nf_nat_ftp: modprobe nf_nat_ftp')]
      : []),
    ...table('raw', raw.length > 0 ? ['FTPSCOPE'] : [], raw, ['PREROUTING -j FTPSCOPE', 'OUTPUT -j FTPSCOPE']),
    ...table(
      'nat',
      [...(before.length > 0 ? ['FTPSCOPE'] : []), ...(after.length > 0 ? ['FTPSCOPE_OUT'] : [])],
      [...before, ...after],
      [
        ...(before.length > 0 ? ['PREROUTING -j FTPSCOPE'] : []),
        ...(after.length > 0 ? ['POSTROUTING -j FTPSCOPE_OUT'] : []),
      ],
    ),
    ...table(
      'filter',
      ['FTPSCOPE'],
      [
        ...(raw.length > 0
          ? ['-A FTPSCOPE -p tcp -m helper --helper ftp -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT']
          : []),
        ...needs.flatMap((need) => [
          ...evidenceLines(need).map(comment),
          ...need.permits.flatMap((p) => both(need, p)),
        ]),
      ],
      ['INPUT', 'FORWARD', 'OUTPUT'].map((chain) => `${chain} -j FTPSCOPE`),
    ),
  ]
  return `${lines.join('\n')}\n`
}

function table(name: string, chains: readonly string[], rules: readonly string[], jumps: readonly string[]): string[] {
  if (chains.length === 0) return []
  return [
    `*${name}`,
    ...chains.map((chain) => `:${chain} - [0:0]`),
    ...rules,
    ...jumps.map((jump) => `-I ${jump}`),
    'COMMIT',
  ]
}

/** The rule that opens a connection, and the one for its other direction. */
function both({ server: { version } }: Needs, { what, from, fromPorts, to, toPorts }: Permit): string[] {
  const rule = (
    source: readonly string[],
    sport: readonly PortRange[],
    target: readonly string[],
    dport: readonly PortRange[],
    rest: string,
  ) =>
    `-A FTPSCOPE -${version}${hosts('-s', source)}${hosts('-d', target)} -p tcp${portMatch(sport, dport)} -m conntrack --ctstate ${rest}`
  return [
    rule(from, fromPorts, to, toPorts, `NEW,ESTABLISHED -m comment --comment "FTP ${what}" -j ACCEPT`),
    rule(to, toPorts, from, fromPorts, 'ESTABLISHED -j ACCEPT'),
  ]
}

function hosts(option: string, addresses: readonly string[]): string {
  return addresses.length === 0 ? '' : ` ${option} ${addresses.join(',')}`
}

function portMatch(source: readonly PortRange[], destination: readonly PortRange[]): string {
  return [
    ...(source.length > 0 ? [` ${ports('s', source)}`] : []),
    ...(destination.length > 0 ? [` ${ports('d', destination)}`] : []),
  ].join('')
}

function ports(letter: 's' | 'd', ranges: readonly PortRange[]): string {
  const texts = ranges.map(({ low, high }) => (low === high ? `${low}` : `${low}:${high}`))
  return texts.length === 1 ? `--${letter}port ${texts[0]!}` : `-m multiport --${letter}ports ${texts.join(',')}`
}

function single(port: number): PortRange {
  return { low: port, high: port }
}

function comment(line: string): string {
  return `# ${line}`
}
