import type { PortRange } from '../../diagnose/remedies/passive-range.js'
import { evidenceLines, headerLines } from './evidence.js'
import type { FirewallOptions } from './options.js'
import type { Needs, Permit } from './permits.js'

/**
 * A file for `nft -f`. An accept takes effect only in the table that drops, so the rules join chains of `table inet
 * filter`; helper and NAT have tables of their own. The helper is set before NAT (priority mangle, before dstnat): a
 * connection that is translated first has no room for the changed lengths of what the helper writes (Linux
 * nf_nat_core.c, nf_nat_setup_info()).
 */
export function nftables(needs: readonly Needs[], options: FirewallOptions): string {
  const helped = needs.some(({ helper }) => helper)
  const lines = [
    '#!/usr/sbin/nft -f',
    ...[
      ...headerLines(needs, options),
      'Check: nft -c -f FILE; load: nft -f FILE. On most systems the filter is "table inet filter" with these chains:',
      'replace the names with those of the chains that drop on yours.',
      ...(helped ? ['Needs the kernel modules nf_conntrack_ftp and, with NAT, nf_nat_ftp: modprobe nf_nat_ftp'] : []),
    ].map(comment),
    '',
    ...(helped ? helperTable(needs) : []),
    ...natTables(needs),
    ...CHAINS,
    'flush chain inet filter ftpscope',
    'table inet filter {',
    '  chain ftpscope {',
    ...(helped ? [`    ct helper "ftp" ct state { established, related } accept`] : []),
    ...needs.flatMap(filterRules),
    '  }',
    '}',
    ...['input', 'forward', 'output'].map((chain) => `insert rule inet filter ${chain} jump ftpscope`),
  ]
  return `${lines.join('\n')}\n`
}

/** Declared without a policy, so that existing chains stay unchanged. */
const CHAINS = [
  'table inet filter {',
  ...['input', 'forward', 'output'].flatMap((hook) => [
    `  chain ${hook} {`,
    `    type filter hook ${hook} priority filter`,
    '  }',
  ]),
  '  chain ftpscope {',
  '  }',
  '}',
]

function helperTable(needs: readonly Needs[]): string[] {
  const rules = needs.flatMap(({ helper, server }) =>
    helper
      ? [`    ${family(server.version)} daddr ${helper.address} tcp dport ${numbers(helper.ports)} ct helper set "ftp"`]
      : [],
  )
  const chain = (hook: string): string[] => [
    `  chain ${hook} {`,
    `    type filter hook ${hook} priority mangle`,
    ...rules,
    '  }',
  ]
  return [
    ...fresh('inet ftpscope'),
    'table inet ftpscope {',
    '  ct helper ftp {',
    '    type "ftp" protocol tcp',
    '  }',
    ...chain('prerouting'),
    ...chain('output'),
    '}',
    '',
  ]
}

function natTables(needs: readonly Needs[]): string[] {
  return ([4, 6] as const).flatMap((version) => {
    const ip = family(version)
    const own = needs.filter(({ server }) => server.version === version)
    const before = own.flatMap(({ redirects, returns }) => [
      ...redirects.map((r) => `    ${ip} daddr ${r.outside} tcp dport ${ports(r.ports)} dnat to ${r.inside}`),
      ...returns.map(
        (r) =>
          `    ${ip} saddr ${r.from}${match('tcp sport', r.fromPorts)} tcp dport ${ports(r.ports)} dnat to ${r.client}`,
      ),
    ])
    const after = own.flatMap(({ sources }) =>
      sources.map(
        (s) =>
          `    ${ip} saddr ${s.inside} ${s.ports.length > 0 ? `tcp sport ${ports(s.ports)}` : 'meta l4proto tcp'} snat to ${s.outside}`,
      ),
    )
    if (before.length + after.length === 0) return []
    return [
      ...fresh(`${ip} ftpscope_nat`),
      `table ${ip} ftpscope_nat {`,
      ...(before.length > 0
        ? ['  chain before {', '    type nat hook prerouting priority dstnat', ...before, '  }']
        : []),
      ...(after.length > 0
        ? ['  chain after {', '    type nat hook postrouting priority srcnat', ...after, '  }']
        : []),
      '}',
      '',
    ]
  })
}

/** Deletes our table from an earlier load, whether or not it exists. */
function fresh(table: string): string[] {
  return [`table ${table}`, `delete table ${table}`]
}

function filterRules(need: Needs): string[] {
  const ip = family(need.server.version)
  return [
    ...evidenceLines(need).map((line) => `    ${comment(line)}`),
    ...need.permits.flatMap((permit) => both(ip, permit)),
  ].map((line) => line.trimEnd())
}

/** The rule that opens a connection, and the one for its other direction. */
function both(ip: string, { what, from, fromPorts, to, toPorts }: Permit): string[] {
  const rule = (
    source: readonly string[],
    sport: readonly PortRange[],
    target: readonly string[],
    dport: readonly PortRange[],
  ) =>
    `${match(`${ip} saddr`, source)}${match(`${ip} daddr`, target)}${match('tcp sport', sport)}${match('tcp dport', dport)}`.trim()
  return [
    `    ${rule(from, fromPorts, to, toPorts)} ct state { new, established } accept comment "${NAMES[what]}"`,
    `    ${rule(to, toPorts, from, fromPorts)} ct state established accept`,
  ]
}

const NAMES: Record<Permit['what'], string> = {
  control: 'FTP control',
  passive: 'FTP data, passive mode',
  active: 'FTP data, active mode',
}

function family(version: 4 | 6): 'ip' | 'ip6' {
  return version === 4 ? 'ip' : 'ip6'
}

function match(key: string, values: readonly (string | PortRange)[]): string {
  if (values.length === 0) return ''
  const texts = values.map((value) => (typeof value === 'string' ? value : rangeText(value)))
  return ` ${key} ${texts.length === 1 ? texts[0]! : `{ ${texts.join(', ')} }`}`
}

function ports(ranges: readonly PortRange[]): string {
  return match('', ranges).trim()
}

function numbers(values: readonly number[]): string {
  return match('', values.map(String)).trim()
}

function rangeText({ low, high }: PortRange): string {
  return low === high ? `${low}` : `${low}-${high}`
}

function comment(line: string): string {
  return `# ${line}`
}
