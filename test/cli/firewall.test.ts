import { describe, expect, it } from 'vitest'
import { analysis } from '../report/fixtures.js'
import { ftpscope } from './support.js'

const files = { 'a.pcap': ['bytes'] }

describe('ftpscope firewall', () => {
  it('prints rules for the sessions of a capture, by default for the server side', async () => {
    const { status, out, err } = await ftpscope(['firewall', 'a.pcap', '--for', 'nftables'], { files })
    expect([status, err]).toEqual([0, ''])
    expect(out).toContain("for the server's side of 2 FTP sessions")
    expect(out).toMatch(/^#!\/usr\/sbin\/nft -f\n/)
  })

  it('accepts the sessions, ports and hosts of an analysis, before and after its name', async () => {
    const after = await ftpscope(['firewall', 'a.pcap', '--for', 'pf', '--session', '2', '--port', '2222'], { files })
    const before = await ftpscope(['--session', '2', '--port', '2222', 'firewall', 'a.pcap', '--for', 'pf'], { files })
    expect(after.out).toContain('1 FTP session with')
    expect(before.out).toBe(after.out)
    expect(after.options).toMatchObject({ ports: [2222] })
  })

  it('says that no rules are needed without sessions, in a file that loads', async () => {
    const { status, out, err } = await ftpscope(['firewall', 'a.pcap', '--for', 'iptables'], {
      files,
      analysis: analysis([]),
    })
    expect(status).toBe(0)
    expect(out).toMatch(/^# ftpscope: no FTP session/)
    expect(err).toContain('No FTP sessions in the capture')
  })

  it.each([
    [['firewall', 'a.pcap'], /--for/],
    [['firewall', '--for', 'pf'], /Specify the capture/],
    [['firewall', 'a.pcap', '--for', 'ipchains'], /nftables, iptables, ipfilter, pf, lvs/],
    [['firewall', 'a.pcap', '--for', 'lvs', '--side', 'client'], /LVS balances servers/],
    [['firewall', 'a.pcap', '--for', 'pf', '--passive-range', '21-50'], /50000-50100/],
    [['firewall', 'a.pcap', '--for', 'pf', '--interface', 'em0; reboot'], /name of an interface/],
    [['firewall', 'a.pcap', '--for', 'pf', '--outside', 'server'], /IPv4 or IPv6 address/],
    [['firewall', 'a.pcap', '--for', 'pf', '--session', '9'], /No session 9/],
    [['firewall', 'missing.pcap', '--for', 'pf'], /missing\.pcap/],
  ])('exits with 2 for %j', async (argv, message) => {
    const { status, out, err } = await ftpscope(argv, { files })
    expect([status, out]).toEqual([2, ''])
    expect(err).toMatch(message)
  })

  it('passes its options on', async () => {
    const argv = ['firewall', 'a.pcap', '--for', 'ipfilter', '--no-helper', '--passive-range', '40000-40009']
    const { out } = await ftpscope([...argv, '--interface', 'bge1', '--inside', '10.9.9.9'], { files })
    expect(out).toContain('external=bge1')
    expect(out).toContain('port 39999 >< 40010')
  })
})
