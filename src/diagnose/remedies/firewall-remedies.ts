/** Remedies in firewalls and translators, with the values of the session. `ftpscope firewall` prints whole files of them. */
import type { RemedyContext } from './remedy-context.js'
import { isPublic } from '../../wire/address-scope.js'
import { adviseRange, type RangeAdvice, spanOf } from './passive-range.js'

/** The passive range to configure and to open. */
export function passiveRange({ facts }: RemedyContext): RangeAdvice {
  return adviseRange(facts.passivePorts)
}

/** What was seen of the range, for the end of a remedy: ` (seen: 50005 to 50017)`; empty where nothing was. */
export function seenText({ facts }: RemedyContext): string {
  const seen = spanOf(facts.passivePorts)
  return seen ? ` (seen: ${seen.low === seen.high ? seen.low : `${seen.low} to ${seen.high}`})` : ''
}

/** Opens the passive range in front of an address. */
export function openRangeLine(context: RemedyContext, address: string): string {
  const { low, high } = passiveRange(context)
  return `in every firewall before it, TCP ${low} to ${high} in to ${address}: nftables ${destination(address)} tcp dport ${low}-${high} accept; firewall-cmd --permanent --add-port=${low}-${high}/tcp; Windows, cloud security groups: an inbound rule`
}

/** Lets the firewall read the announcements instead; not under TLS. */
export function serverHelperLine(context: RemedyContext): string | null {
  if (context.session.dialogue.security !== 'none') return null
  const { port } = context.session.server
  return `or an FTP helper there for port ${port}: nftables ct helper set "ftp", firewalld --add-service=ftp, pf ftp-proxy, IPFilter rdr … proxy ftp`
}

/** Lets the server connect back to a client, through whatever stands before the client. */
export function clientHelperLine(context: RemedyContext): string | null {
  if (context.session.dialogue.security !== 'none') return null
  const { address, port } = context.session.server
  return `or on the client's firewall or NAT router an FTP helper that lets ${address} connect back: iptables -t raw -A PREROUTING -p tcp -d ${address} --dport ${port} -j CT --helper ftp (Linux, with nf_nat_ftp), pf ftp-proxy, IPFilter map … proxy port ftp ftp/tcp; on a Windows client netsh advfirewall set global StatefulFTP enable`
}

/** Sends control port and passive range on to a server behind NAT. */
export function forwardLine(context: RemedyContext, outside: string | null, inside: string): string {
  const { low, high } = passiveRange(context)
  const to = outside === null ? '' : `${destination(outside)} `
  return `in the NAT before it: ports ${context.session.server.port} and ${low} to ${high}, unchanged, to ${inside} (nftables: ${to}tcp dport { ${context.session.server.port}, ${low}-${high} } dnat to ${inside})`
}

/** The command that prints what no finding has room for. */
export function rulesCommand(side: 'server' | 'client'): string {
  return `all rules: ftpscope firewall CAPTURE ${side === 'client' ? '--side client ' : ''}--for nftables (iptables, ipfilter, pf, lvs)`
}

/** One group of connections for a balancer: control port and passive range, and a client stays with its real server. */
export function lvsLines(context: RemedyContext): string[] {
  const { address, port } = context.session.server
  const { low, high } = passiveRange(context)
  const mark = `iptables -t mangle -A PREROUTING -d ${address} -p tcp -m multiport --dports ${port},${low}:${high} -j MARK --set-mark ${port}; ipvsadm -A -f ${port} -s wlc -p 3600; ipvsadm -a -f ${port} -r each real server`
  return [
    context.session.dialogue.security === 'none'
      ? `LVS: load ip_vs_ftp (ports=${port}) with masquerading (-m), or one persistent firewall-mark group: ${mark}`
      : `LVS: one persistent firewall-mark group, since TLS hides the announcements from ip_vs_ftp: ${mark}`,
    'all rules: ftpscope firewall CAPTURE --for lvs',
  ]
}

/** The address by which outside clients reach the server; `null` where the capture shows its inside only. */
export function outsideAddressOf(context: RemedyContext): string | null {
  const { address } = context.session.server
  return isPublic(address) ? address : null
}

function destination(address: string): string {
  return `${address.includes(':') ? 'ip6' : 'ip'} daddr ${address}`
}

/** A line that is there, as a list. */
export function present(line: string | null): string[] {
  return line === null ? [] : [line]
}
