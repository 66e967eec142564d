/**
 * Remedies in firewalls and NATs, with the values of the session. `ftpscope firewall` prints complete files of them.
 */
import { withCommands } from './commands.js'
import type { RemedyContext } from './remedy-context.js'
import { isPublic } from '../../wire/address-scope.js'
import { adviseRange, type RangeAdvice, spanOf } from './passive-range.js'

/** The passive range to configure and to open. */
export function passiveRange({ facts }: RemedyContext): RangeAdvice {
  return adviseRange(facts.passivePorts)
}

/** The ports seen, for the end of a remedy: ` (seen: 50005 to 50017)`; empty if there were none. */
export function seenText({ facts }: RemedyContext): string {
  const seen = spanOf(facts.passivePorts)
  return seen ? ` (seen: ${seen.low === seen.high ? seen.low : `${seen.low} to ${seen.high}`})` : ''
}

/** Opens the passive range to an address, in firewalls that `where` names; `chain` is where theirs sees the SYNs. */
export function openRangeLine(
  context: RemedyContext,
  address: string,
  { where, chain }: { where: string; chain: 'forward' | 'input' },
): string {
  const { low, high } = passiveRange(context)
  return withCommands(
    `${where}, allow inbound TCP ports ${low} to ${high} to ${address} (cloud security groups: an inbound rule)`,
    ['nftables', `nft add rule inet filter ${chain} ${destination(address)} tcp dport ${low}-${high} accept`],
    ['firewalld', `firewall-cmd --permanent --add-port=${low}-${high}/tcp`],
    ['Windows', windowsRule(`${low}-${high}`)],
  )
}

/** Lets the firewall read the announcements instead; impossible under TLS. */
export function serverHelperLine(context: RemedyContext): string | null {
  if (context.session.dialogue.security !== 'none') return null
  const { port } = context.session.server
  return withCommands(
    `or enable an FTP helper there for port ${port} (nftables: ct helper set "ftp"; pf: ftp-proxy; ` +
      'IPFilter: rdr … proxy ftp)',
    ['firewalld', 'firewall-cmd --permanent --add-service=ftp'],
  )
}

/** Lets the server connect back to a client, through the firewall or NAT in front of the client. */
export function clientHelperLine(context: RemedyContext): string | null {
  if (context.session.dialogue.security !== 'none') return null
  const { address, port } = context.session.server
  return withCommands(
    `on the client's firewall or NAT router, enable an FTP helper that lets ${address} connect back ` +
      '(pf: ftp-proxy; IPFilter: map … proxy port ftp ftp/tcp)',
    ['Linux', 'modprobe nf_nat_ftp'],
    ['Linux', `${iptables(address)} -t raw -A PREROUTING -p tcp -d ${address} --dport ${port} -j CT --helper ftp`],
    ['a Windows client', STATEFUL_FTP],
  )
}

/** Forwards the control port and the passive range to a server behind NAT. */
export function forwardLine(context: RemedyContext, outside: string | null, inside: string): string {
  const { low, high } = passiveRange(context)
  const to = outside === null ? '' : `${destination(outside)} `
  const { port } = context.session.server
  const family = inside.includes(':') ? 'ip6' : 'ip'
  return withCommands(`on the NAT in front of it, forward ports ${port} and ${low} to ${high} unchanged to ${inside}`, [
    'nftables',
    `nft add rule ${family} nat prerouting '${to}tcp dport { ${port}, ${low}-${high} } dnat to ${inside}'`,
  ])
}

/** The command that prints the complete rules. */
export function rulesCommand(side: 'server' | 'client'): string {
  const option = side === 'client' ? '--side client ' : ''
  return withCommands('for all rules (likewise --for iptables, ipfilter, pf, lvs)', [
    null,
    `ftpscope firewall CAPTURE ${option}--for nftables`,
  ])
}

/** One group of connections for a load balancer: control port and passive range, with persistence per client. */
export function lvsLines(context: RemedyContext): string[] {
  const { address, port } = context.session.server
  const { low, high } = passiveRange(context)
  const ports = `-p tcp -m multiport --dports ${port},${low}:${high}`
  return [
    withCommands(
      context.session.dialogue.security === 'none'
        ? `LVS: load ip_vs_ftp (ports=${port}) with masquerading (-m), or use one persistent firewall-mark group`
        : 'LVS: use one persistent firewall-mark group, since TLS hides the announcements from ip_vs_ftp',
      [null, `${iptables(address)} -t mangle -A PREROUTING -d ${address} ${ports} -j MARK --set-mark ${port}`],
      [null, `ipvsadm -A -f ${port} -s wlc -p 3600`],
      ['for each real server', `ipvsadm -a -f ${port} -r ADDRESS`],
    ),
    withCommands('for all rules', [null, 'ftpscope firewall CAPTURE --for lvs']),
  ]
}

/** The address at which external clients reach the server; `null` if the capture shows only its private address. */
export function outsideAddressOf(context: RemedyContext): string | null {
  const { address } = context.session.server
  return isPublic(address) ? address : null
}

function destination(address: string): string {
  return `${address.includes(':') ? 'ip6' : 'ip'} daddr ${address}`
}

/** Lets the firewall of Windows read the announcements. */
export const STATEFUL_FTP = 'netsh advfirewall set global StatefulFTP enable'

/** Opens ports in the firewall of Windows, in PowerShell. */
export function windowsRule(ports: string): string {
  return `New-NetFirewallRule -DisplayName FTP -Direction Inbound -Protocol TCP -LocalPort ${ports} -Action Allow`
}

/** The command that filters packets of an address's family. */
function iptables(address: string): string {
  return address.includes(':') ? 'ip6tables' : 'iptables'
}

/** The line as a list; empty if there is none. */
export function present(line: string | null): string[] {
  return line === null ? [] : [line]
}
