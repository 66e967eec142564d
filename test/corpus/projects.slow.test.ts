/** What the projects that the public captures come from expect of them. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/index.js'
import { analyzeFile } from '../support/analyze-file.js'
import { CORPUS, hasCorpus } from '../support/captures.js'

const analysis = (file: string): Analysis => analyzeFile(join(CORPUS, file))
const channels = (file: string) => analysis(file).sessions.flatMap((session) => session.dataChannels)
const transfers = (file: string) =>
  channels(file)
    .filter((channel) => channel.connection !== null)
    .map((channel) => `${channel.verb ?? '-'} ${channel.transfer?.command ?? '-'} ${channel.transfer?.outcome ?? '-'}`)

describe.skipIf(!hasCorpus)('what Zeek expects', () => {
  it('of ipv4: four data connections, two by PASV and two by PORT', () => {
    expect(transfers('zeek__ftp__ipv4.pcap')).toEqual([
      'PASV LIST completed',
      'PASV RETR completed',
      'PORT LIST completed',
      'PORT RETR completed',
    ])
  })

  it('of ipv6: five data connections, three by EPSV and two by EPRT', () => {
    expect(transfers('zeek__ftp__ipv6.pcap').map((t) => t.split(' ')[0])).toEqual([
      'EPSV',
      'EPSV',
      'EPSV',
      'EPRT',
      'EPRT',
    ])
  })

  it('of a file with numbers in its name: four data channels by PASV, one RETR', () => {
    const found = transfers('zeek__ftp__ftp-with-numbers-in-filename.pcap')
    expect(found).toEqual(['PASV LIST completed', 'PASV LIST completed', 'PASV LIST completed', 'PASV RETR completed'])
  })

  it('of AUTH TLS: 234, then TLS on the same connection, reset by the server', () => {
    const [session] = analysis('zeek__ftp__ftp-auth-tls.pcap').sessions
    expect(session?.security).toBe('explicit-tls')
    expect(session?.exchanges.find((e) => e.command === 'AUTH')?.replies[0]?.code).toBe(234)
    expect(session?.exchanges.at(-1)?.command).toBe('AUTH')
  })

  it('of eight commands sent before the greeting: all answered, in order', () => {
    const [session] = analysis('zeek__ftp__fake-server-delays-all.pcap').sessions
    const commands = session!.exchanges.filter((e) => e.command !== null)
    expect(commands).toHaveLength(8)
    expect(commands.every((e) => e.replies.length === 1)).toBe(true)
  })

  it('of USER and a wrong password: 331, 530', () => {
    const [session] = analysis('zeek__ftp__ftp-password-pass-command.pcap').sessions
    expect(session?.login).toBe('rejected')
    expect(session?.verdict).toMatchObject({ outcome: 'failed', cause: 'login-rejected' })
  })

  it('of 500 PORT commands that name a third host: none used', () => {
    const [session] = analysis('zeek__ftp__ftp-many-port-expected.pcap.gz').sessions
    expect(session?.dataChannels).toHaveLength(500)
    expect(session?.dataChannels.every((c) => c.connection === null)).toBe(true)
  })

  it.each([
    'zeek__ftp__ftp-invalid-reply-code.pcap',
    'zeek__ftp__ftp-missing-reply-code.pcap',
    'zeek__ftp__ftp-missing-space-after-reply-code.pcap',
  ])('of %s: a violation of the reply line', (file) => {
    expect(analysis(file).capture.anomalies.map((a) => a.kind)).toContain('ftp-reply-invalid')
  })

  it('of fragments that are no FTP, and of telnet on port 21: no FTP dialogue', () => {
    expect(analysis('zeek__ipv4__fragmented-3.pcap').sessions).toEqual([])
    const [telnet] = analysis('zeek__telnet-auth-missing-name.pcap').sessions
    expect(telnet?.exchanges).toEqual([])
    expect(telnet?.findings.map((f) => f.id)).toContain('not-ftp')
  })
})

describe.skipIf(!hasCorpus)('what Suricata expects', () => {
  const all = ['STOR', 'APPE', 'STOU', 'LIST', 'NLST', 'MLSD', 'RETR']
  it.each([
    ['suricata-verify__firewall__ruletype-firewall-116-ftp-all-data-ipv4__input.pcap', 'PASV', 'PORT'],
    ['suricata-verify__firewall__ruletype-firewall-117-ftp-all-data-ipv6__input.pcap', 'EPSV', 'EPRT'],
  ])('of %s: seven data commands over seven %s and seven %s', (file, passive, active) => {
    const expected = [passive, active].flatMap((verb) => all.map((command) => `${verb} ${command} completed`))
    expect(transfers(file)).toEqual(expected)
  })

  it('of downloads in active and uploads in passive mode: three data connections each', () => {
    expect(transfers('suricata-verify__ftp__ftp-download-active__input.pcap')).toEqual([
      'PORT NLST completed',
      'PORT RETR completed',
      'PORT NLST completed',
    ])
    expect(transfers('suricata-verify__ftp__ftp-upload-passive__input.pcap')).toEqual([
      'PASV NLST completed',
      'PASV STOR completed',
      'PASV NLST completed',
    ])
  })

  it('of a bounce: in one of two sessions, PORT to 2.2.2.3:80', () => {
    const found = analysis('suricata-verify__ftp__ftp-bounce__test.pcap').sessions.map((s) =>
      s.findings.map((f) => f.id),
    )
    expect(found.map((ids) => ids.includes('port-bounce'))).toEqual([false, true])
  })

  it('of a PORT that is retransmitted: one announcement, eight exchanges with commands', () => {
    const [session] = analysis('suricata-verify__bug-3519__input.pcap').sessions
    expect(session?.exchanges.filter((e) => e.command === 'PORT')).toHaveLength(2)
    expect(session?.exchanges.filter((e) => e.command !== null)).toHaveLength(7)
  })

  it('of a connection that ends before the greeting: no session to speak of', () => {
    const [session] = analysis('suricata-verify__ftp-quit__input.pcap').sessions
    expect(session?.verdict.outcome).not.toBe('ok')
  })

  it('of RETR without PORT: 425', () => {
    const [session] = analysis('suricata-verify__ftp-retr-bypass-realserver__input.pcap').sessions
    expect(session?.exchanges.find((e) => e.command === 'RETR')?.replies[0]?.code).toBe(425)
    expect(session?.verdict.outcome).toBe('failed')
  })

  it('of the EICAR file by EPSV: 68 bytes', () => {
    const [channel] = channels('suricata-verify__ftp-md5__ftp_eicar_allowed@1f4f5e67.pcapng')
    expect(channel?.transfer).toMatchObject({ command: 'RETR', bytes: 68, expectedBytes: 68, outcome: 'completed' })
  })
})

describe.skipIf(!hasCorpus)('what other projects expect', () => {
  it('of Arkime: one session, user anonymous', () => {
    expect(analysis('arkime__ftp.pcap').sessions.map((s) => s.user)).toEqual(['anonymous'])
  })

  it('of nDPI: login rejected, over IPv6', () => {
    const [session] = analysis('nDPI__ftp_failed.pcap').sessions
    expect(session?.login).toBe('rejected')
    expect(session?.verdict.cause).toBe('login-rejected')
  })

  it('of Snort: AUTH refused, then one active data connection with the file', () => {
    expect(transfers('snort3_demo__eicar__ftp_active_get_eicar.pcap')).toEqual(['PORT RETR completed'])
  })

  it("of Snort: PORT with an address that is not the client's", () => {
    const [channel] = channels('snort3_demo__client__ftp_port_non_match_ip.pcap')
    expect(channel?.announcement?.address).toBe('10.4.11.135')
  })
})
