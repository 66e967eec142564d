import { describe, expect, it } from 'vitest'
import { type Analysis, Analyzer, type AnalyzeOptions } from '../../src/index.js'
import { FORMATS } from '../../src/report/formats.js'
import { DEFAULT_OPTIONS } from '../../src/report/format.js'
import { ByteWriter } from '../support/byte-writer.js'
import { addressBytes } from '../support/address-bytes.js'
import type { Conversation } from '../support/conversation.js'
import { login, quit } from '../support/ftp-scene.js'
import { LinkType } from '../support/link-writer.js'
import { atClient, openControl, type Place } from '../support/places.js'
import { clientHello, serverFlight } from '../support/tls-records.js'

function analysisOf(files: readonly Uint8Array[], options: AnalyzeOptions = {}): Analysis {
  const analyzer = new Analyzer(options)
  for (const [index, bytes] of files.entries()) {
    analyzer.openFile(`${index}.pcap`)
    analyzer.push(bytes)
    analyzer.closeFile()
  }
  return analyzer.end()
}

function sentences({ capture }: Analysis): string[] {
  return (capture.seen ?? []).map(({ sentence }) => sentence)
}

/** A connection to a port, whose script is played. */
function talk(port: number, script: (connection: Conversation) => void, clientPort = 50_000): Place {
  const place = atClient('')
  script(place.scene.connect(place.client, clientPort, place.server, port))
  return place
}

function seenIn(place: Place, options: AnalyzeOptions = {}): string[] {
  return sentences(analysisOf([place.scene.toPcap()], options))
}

/** A pcap of Ethernet frames as they are. */
function pcapOf(frames: readonly Uint8Array[], linkType: number = LinkType.Ethernet): Uint8Array {
  const writer = new ByteWriter(true)
  writer.u32(0xa1b2c3d4).u16(2, 4).u32(0, 0, 262_144, linkType)
  for (const [index, frame] of frames.entries())
    writer.u32(1_700_000_000 + index, 0, frame.length, frame.length).bytes(frame)
  return writer.result()
}

function frame(etherType: number, body: Uint8Array): Uint8Array {
  return new ByteWriter().bytes(new Uint8Array(12).fill(2)).u16(etherType).bytes(body).result()
}

function arp(operation: number, sender: string, target: string): Uint8Array {
  const body = new ByteWriter().u16(1, 0x0800, 0x0604, operation)
  const hardware = new Uint8Array(6).fill(2)
  body.bytes(hardware).bytes(addressBytes(sender)).bytes(hardware).bytes(addressBytes(target))
  return frame(0x0806, body.result())
}

/** An IPv4 packet of a protocol, with this body. */
function ip(protocol: number, body: Uint8Array): Uint8Array {
  const header = new ByteWriter()
    .u8(0x45, 0)
    .u16(20 + body.length, 1, 0)
    .u8(64, protocol)
    .u16(0)
  return frame(0x0800, header.bytes(addressBytes('10.0.0.5')).bytes(addressBytes('10.0.0.9')).bytes(body).result())
}

function udp(source: number, destination: number): Uint8Array {
  return ip(17, new ByteWriter().u16(source, destination, 12, 0).u32(0).result())
}

const HTTP_ANSWER = 'HTTP/1.1 207 Multi-Status\r\nContent-Length: 0\r\n\r\n'

describe('Of a capture without sessions it is told what there is instead', () => {
  it.each<[string, number, (connection: Conversation) => void, RegExp]>([
    [
      'SSH',
      22,
      (c) => c.server('SSH-2.0-OpenSSH_9.2\r\n').client('SSH-2.0-libssh2\r\n'),
      /:22 is SSH: files go over SFTP/,
    ],
    ['HTTP', 8080, (c) => c.client('GET /a HTTP/1.1\r\nHost: a\r\n\r\n').server(HTTP_ANSWER), /:8080 is HTTP$/],
    [
      'WebDAV',
      80,
      (c) => c.client('PROPFIND / HTTP/1.1\r\n\r\n').server(HTTP_ANSWER),
      /:80 is WebDAV: files go over HTTP/,
    ],
    [
      'rsync',
      873,
      (c) => c.server('@RSYNCD: 31.0\n').client('@RSYNCD: 31.0\n'),
      /:873 is rsync: another file transfer/,
    ],
    [
      'SMB',
      445,
      (c) => c.client(Uint8Array.from([0, 0, 0, 0xa4, 0xfe, 0x53, 0x4d, 0x42, 0x40])),
      /:445 is SMB: Windows file sharing$/,
    ],
    [
      'FTP from its middle',
      2100,
      (c) => c.client('PASV\r\n').server('What?\r\n'),
      /:2100 carries FTP commands; .*--port 2100$/,
    ],
    [
      'TLS on a port without a name',
      8990,
      (c) => c.client(clientHello('files.example.net')).server(serverFlight()),
      /:8990 is TLS from the first byte; if that is implicit FTPS, name the port: --port 8990$/,
    ],
    ['TLS on the port of HTTPS', 443, (c) => c.client(clientHello('files.example.net')), /:443 is HTTPS$/],
    [
      'an unknown protocol',
      5001,
      (c) => c.client('\x01\x02\x03').server('\x04'),
      /:5001 is of an unknown protocol; .*--port 5001$/,
    ],
    ['a connection without data', 5001, () => undefined, /:5001 is without data; .*--port 5001$/],
    ['the port of a protocol that is not shown', 3389, () => undefined, /:3389, the port of RDP$/],
  ])('%s', (_name, port, script, expected) => {
    const [first, ...rest] = seenIn(talk(port, script))
    expect(first).toMatch(expected)
    expect(rest).toEqual([])
  })

  it('TLS whose client asks for FTP, by ALPN or by the name of the server', () => {
    const body = (extension: number[]): Uint8Array => {
      const message = [3, 3, ...Array<number>(32).fill(7), 0, 0, 2, 0x13, 1, 1, 0, 0, extension.length, ...extension]
      const handshake = [1, 0, 0, message.length, ...message]
      return Uint8Array.from([0x16, 3, 1, 0, handshake.length, ...handshake])
    }
    const name = [...new TextEncoder().encode('ftp.example')]
    const serverName = [0, 0, 0, name.length + 5, 0, name.length + 3, 0, 0, name.length, ...name]
    for (const extension of [[0, 16, 0, 6, 0, 4, 3, 0x66, 0x74, 0x70], serverName]) {
      const [first] = seenIn(talk(443, (c) => c.client(body(extension))))
      expect(first).toMatch(/:443 is TLS whose client asks for FTP: implicit FTPS; name the port: --port 443$/)
    }
  })

  it('SYNs that nobody answers', () => {
    const place = atClient('')
    place.scene.syn(place.client, 50_000, place.server, 5001, { attempts: 3 })
    expect(seenIn(place)).toEqual(['1 connection to 203.0.113.20:5001 was not answered, as far as was captured'])
  })

  it('UDP by its port, tunnels, other protocols and frames without IP', () => {
    const frames = [udp(50_000, 69), udp(69, 50_000), ip(50, new Uint8Array(20)), frame(0x88cc, new Uint8Array(46))]
    expect(sentences(analysisOf([pcapOf(frames)]))).toEqual([
      '2 UDP packets of port 69, TFTP: another file transfer protocol, without login',
      '1 IP packet of ESP: an IPsec tunnel, and what is inside it cannot be seen: capture where it ends',
      '1 frame of LLDP',
    ])
  })

  it('addresses that ARP asks for in vain, but not those that answer', () => {
    const asked = [1, 2, 3].map(() => arp(1, '10.0.0.5', '10.0.0.1'))
    const silent = sentences(analysisOf([pcapOf(asked)]))
    expect(silent[0]).toMatch(/^3 ARP requests of 10\.0\.0\.5 for 10\.0\.0\.1 without an answer: /)
    expect(sentences(analysisOf([pcapOf([...asked, arp(2, '10.0.0.1', '10.0.0.5')])]))).toEqual(['4 frames of ARP'])
    expect(sentences(analysisOf([pcapOf([arp(1, '10.0.0.5', '10.0.0.5')])]))).toEqual(['1 frame of ARP'])
  })

  it('no frames, and frames whose link header is not decoded', () => {
    expect(sentences(analysisOf([pcapOf([])]))[0]).toMatch(/^no packets at all: check the interface/)
    const [wireless] = sentences(analysisOf([pcapOf([new Uint8Array(60)], 127)]))
    expect(wireless).toMatch(
      /^frames of IEEE 802\.11 with radiotap header, which are not decoded: capture without monitor/,
    )
  })

  it('sessions of other hosts than those asked for', () => {
    const place = atClient('')
    const session = openControl(place)
    session.control.server('220 Ready\r\n')
    login(session)
    quit(session)
    const options = { hosts: ['10.9.9.9'] }
    expect(seenIn(place, options)).toEqual([
      expect.stringMatching(
        /^1 FTP control connection of other hosts than --host names: from .* to 203\.0\.113\.20:21$/,
      ),
    ])
    expect(seenIn(place)).toEqual([])
    expect(analysisOf([place.scene.toPcap()], { where: 'user = nobody' }).capture.seen).toBeUndefined()
  })

  it('once, whether it is one file or several of different places', () => {
    const files = [50_000, 50_001].map((port) => talk(22, (c) => c.server('SSH-2.0-a\r\n'), port))
    const both = sentences(analysisOf(files.map(({ scene }) => scene.toPcap())))
    expect(both).toEqual([expect.stringMatching(/^2 connections to 203\.0\.113\.20:22 are SSH/)])
  })

  it('of thousands of ports only some are listed, and the others counted', () => {
    const place = atClient('')
    for (let port = 5001; port < 5101; port++) place.scene.connect(place.client, 50_000, place.server, port)
    const told = seenIn(place)
    expect(told.length).toBe(13)
    expect(told.at(-1)).toBe('88 connections of 88 other ports')
  })

  it.each(['text', 'markdown'] as const)('in the report as %s', async (name) => {
    const format = await FORMATS[name]()
    const writer = format(DEFAULT_OPTIONS)
    const analysis = analysisOf([talk(22, (c) => c.server('SSH-2.0-a\r\n')).scene.toPcap()])
    const text = [...writer.end(analysis)].join('').replaceAll('\\', '')
    expect(text).toContain('What there is instead')
    expect(text).toContain('203.0.113.20:22 is SSH: files go over SFTP or SCP there, not FTP')
  })
})
