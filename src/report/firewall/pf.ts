import type { PortRange } from '../../diagnose/remedies/passive-range.js'
import { evidenceLines, headerLines } from './evidence.js'
import type { FirewallOptions } from './options.js'
import type { Needs, Permit } from './permits.js'

/** The port on which ftp-proxy listens for diverted connections (ftp-proxy(8)). */
const PROXY_PORT = 8021

/** A fragment of pf.conf(5) as OpenBSD has it since 4.7 (`divert-to`, `rdr-to`), and the ftp-proxy(8) that it needs. */
export function pf(needs: readonly Needs[], options: FirewallOptions): string {
  const helped = needs.filter(({ helper }) => helper)
  const lines = [
    ...headerLines(needs, options).map(comment),
    comment(
      'Check: pfctl -nf FILE. Insert into pf.conf before the rules that block quick; then pfctl -f /etc/pf.conf.',
    ),
    ...proxies(helped, options).map(comment),
    `ftp_if = "${options.interface ?? 'em0'}"   # the external interface`,
    ...(helped.length > 0
      ? [
          'anchor "ftp-proxy/*"',
          comment(
            'FreeBSD, NetBSD (older syntax), among the translation rules: ' +
              'nat-anchor "ftp-proxy/*", rdr-anchor "ftp-proxy/*", and',
          ),
          comment('"rdr pass on IF proto tcp from any to SERVER port 21 -> 127.0.0.1 port 8021" instead of divert-to'),
        ]
      : []),
    ...needs.flatMap((need) => ['', ...evidenceLines(need).map(comment), ...rules(need, options)]),
  ]
  return `${lines.join('\n')}\n`
}

/** How to start ftp-proxy. In reverse mode (`-R`), one process serves one server and port. */
function proxies(helped: readonly Needs[], options: FirewallOptions): string[] {
  if (helped.length === 0) return []
  const reverse = helped.flatMap((need) =>
    isReverse(need, options) ? need.server.controlPorts.map((port) => ({ need, port })) : [],
  )
  const forward = ([4, 6] as const).filter((version) =>
    helped.some((need) => need.server.version === version && !isReverse(need, options)),
  )
  return [
    'Start ftp-proxy (rc.conf.local: ftpproxy_flags; each line below is one process):',
    ...forward.map((version) => `  ftp-proxy${version === 6 ? ' -6' : ''}`),
    ...reverse.map(
      ({ need, port }) => `  ftp-proxy -R ${need.server.inside[0]!} -P ${port} -b ${need.server.outside!} -p ${port}`,
    ),
  ]
}

/** The proxy takes the server's place at the public address. */
function isReverse({ server }: Needs, { side = 'server' }: FirewallOptions): boolean {
  return side === 'server' && server.translated && server.outside !== null
}

function rules(need: Needs, options: FirewallOptions): string[] {
  const { server, helper, permits, redirects, sources, returns } = need
  const inet = server.version === 4 ? 'inet' : 'inet6'
  if (helper && isReverse(need, options)) {
    return [
      `pass in quick on $ftp_if ${inet} proto tcp from any to ${server.outside!} port ${list(helper.ports)}`,
      `pass out quick ${inet} proto tcp from any to ${server.inside[0]!} port ${list(helper.ports)}`,
    ]
  }
  const control = permits.find(({ what }) => what === 'control')!
  const proxied = helper
    ? [
        `pass in quick ${inet} proto tcp from ${hosts(control.from)} to ${hosts(control.to)} port ${list(helper.ports)} divert-to ${server.version === 4 ? '127.0.0.1' : '::1'} port ${PROXY_PORT}`,
        `pass out quick ${inet} proto tcp from any to ${hosts(control.to)} port ${list(helper.ports)}`,
      ]
    : []
  return [
    ...proxied,
    ...redirects.map(
      ({ outside, ports, inside }) =>
        `match in on $ftp_if ${inet} proto tcp from any to ${outside} port ${ranges(ports)} rdr-to ${inside}`,
    ),
    ...sources.map(
      ({ inside, ports, outside }) =>
        `match out on $ftp_if ${inet} proto tcp from ${inside}${ports.length > 0 ? ` port ${ranges(ports)}` : ''} to any nat-to ${outside}${ports.length > 0 ? ' static-port' : ''}`,
    ),
    ...returns.map(
      (r) =>
        `match in on $ftp_if ${inet} proto tcp from ${r.from}${r.fromPorts.length > 0 ? ` port ${ranges(r.fromPorts)}` : ''} to any port ${ranges(r.ports)} rdr-to ${r.client}`,
    ),
    ...permits.filter((permit) => !helper || permit !== control).map((permit) => passRule(inet, permit)),
  ]
}

/** Without a direction, the rule applies to in and out; state handles the rest. */
function passRule(inet: string, { from, fromPorts, to, toPorts }: Permit): string {
  const source = `${hosts(from)}${fromPorts.length > 0 ? ` port ${ranges(fromPorts)}` : ''}`
  return `pass quick ${inet} proto tcp from ${source} to ${hosts(to)} port ${ranges(toPorts)}`
}

function hosts(addresses: readonly string[]): string {
  return addresses.length === 0 ? 'any' : braced(addresses)
}

function list(ports: readonly number[]): string {
  return braced(ports.map(String))
}

function ranges(ports: readonly PortRange[]): string {
  return braced(ports.map(({ low, high }) => (low === high ? `${low}` : `${low}:${high}`)))
}

function braced(texts: readonly string[]): string {
  return texts.length === 1 ? texts[0]! : `{ ${texts.join(', ')} }`
}

function comment(line: string): string {
  return `# ${line}`
}
