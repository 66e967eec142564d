import { describe, expect, it } from 'vitest'
import { clientRemedy } from '../../src/diagnose/remedies/settings/client-settings.js'
import { serverRemedy } from '../../src/diagnose/remedies/settings/server-settings.js'

const OUTSIDE = '203.0.113.20'

describe('A remedy on the server', () => {
  it.each([
    ['vsFTPd 3.0.3', `pasv_address=${OUTSIDE}`, 'pasv_min_port=50000, pasv_max_port=50100'],
    ['ProFTPD 1.3.8', `MasqueradeAddress ${OUTSIDE}`, 'PassivePorts 50000 50100'],
    ['Pure-FTPd', `ForcePassiveIP ${OUTSIDE} (-P)`, 'PassivePortRange 50000 50100 (-p 50000:50100)'],
    ['Microsoft FTP Service', `External IP Address of Firewall: ${OUTSIDE}`, 'Data Channel Port Range: 50000-50100'],
    ['pyftpdlib 1.5.9', `masquerade_address = "${OUTSIDE}"`, 'passive_ports = range(50000, 50101)'],
    ['FileZilla Server 1.8', `Use the following host: ${OUTSIDE}`, 'Use custom port range: 50000 to 50100'],
    ['Serv-U 15', `PASV IP address: ${OUTSIDE}`, 'PASV Port Range: 50000 to 50100'],
    ['wu-ftpd 2.6', `passive address ${OUTSIDE} 0.0.0.0/0`, 'passive ports 0.0.0.0/0 50000 50100'],
    ['z/OS FTP', 'an outside address', 'PASSIVEDATAPORTS (50000,50100) in FTP.DATA, and PORTRANGE 50000 101 TCP'],
  ])('for %s names its own settings for address and ports', (software, address, ports) => {
    const where = `on the server (${software}): `
    const passiveAddress = serverRemedy(software, 'an outside address', (s) => s.passiveAddress?.(OUTSIDE))
    expect(passiveAddress.startsWith(where)).toBe(true)
    expect(passiveAddress).toContain(address)
    expect(serverRemedy(software, 'a range', (s) => s.passivePorts?.(50_000, 50_100))).toContain(ports)
  })

  it('of unknown software says what is meant, with the settings of the usual servers', () => {
    const text = serverRemedy('FooFTP 2', 'an outside address', (s) => s.passiveAddress?.(OUTSIDE))
    expect(text).toMatch(/^on the server \(FooFTP 2\): an outside address \(vsftpd: pasv_address=.*; ProFTPD: .*\)$/)
  })

  it('that no server has a setting for is told in plain words', () => {
    expect(serverRemedy(null, 'a faster disk', () => undefined)).toBe('on the server: a faster disk')
    expect(serverRemedy('vsFTPd 3.0.3', 'a faster disk', () => undefined)).toBe(
      'on the server (vsFTPd 3.0.3): a faster disk',
    )
  })
})

describe('A remedy in the client', () => {
  it.each([
    ['curl 8.5', '--ftp-port 198.51.100.7'],
    ['FileZilla 3.66', 'use the following IP address, 198.51.100.7'],
    ['WinSCP 6', 'Use following external IP address, 198.51.100.7'],
    ['lftp 4.9', 'set ftp:port-ipv4 198.51.100.7'],
  ])('for %s names its own setting for the outside address', (software, words) => {
    expect(clientRemedy(software, 'the outside address', (c) => c.externalAddress?.('198.51.100.7'))).toContain(words)
  })
})
