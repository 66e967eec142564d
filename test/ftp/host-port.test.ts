import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse229 } from '../../src/ftp/announcements/extended-passive-reply.js'
import type { HostPort } from '../../src/ftp/announcements/host-port.js'
import { announcedAddress } from '../../src/ftp/announcements/announced-address.js'
import { addressText } from '../../src/wire/address.js'
import { parse227, parse228, parseSpsv } from '../../src/ftp/announcements/passive-reply.js'
import { parseEprt, parseLprt, parsePort } from '../../src/ftp/announcements/port-argument.js'

function short(result: HostPort): string {
  return result.kind === 'host-port' ? `${result.address ?? '-'} ${result.port}` : `${result.kind}: ${result.reason}`
}

describe('parse227', () => {
  it.each([
    // vsftpd and ProFTPD end with a period, Pure-FTPd does not.
    ['Entering Passive Mode (192,0,2,9,195,80).', '192.0.2.9 50000'],
    ['Entering Passive Mode (192,0,2,9,195,80)', '192.0.2.9 50000'],
    ['Entering Passive Mode 127,0,0,1,4,51', '127.0.0.1 1075'],
    ['Data transfer will passively listen to 127,0,0,1,4,51', '127.0.0.1 1075'],
    ['Entering passive mode. 127,0,0,1,4,51.', '127.0.0.1 1075'],
    ['192,168,178,39,184,244', '192.168.178.39 47348'],
    ['=127,0,0,1,4,51', '127.0.0.1 1075'],
    ['listen socket created\n(127,0,0,1,154,21)', '127.0.0.1 39445'],
    ['Entering Passive Mode( 192, 0, 2, 9, 195, 80 )', '192.0.2.9 50000'],
    ['Entering Passive Mode (192,000,002,009,195,080)', '192.0.2.9 50000'],
    ['Passive on srv01, unit 3, 2 (192,0,2,9,195,80)', '192.0.2.9 50000'],
    ['Entering Passive Mode (0,0,0,0,195,80)', '0.0.0.0 50000'],
  ])('reads %j', (text, expected) => {
    expect(short(parse227(text))).toBe(expected)
  })

  it.each([
    ['Entering Passive Mode (300,0,2,9,195,80)', 'malformed: octet 300 is larger than 255'],
    ['Entering Passive Mode (192,0,2,9,195,256)', 'malformed: octet 256 is larger than 255'],
    ['Entering Passive Mode (192,0,2,9,0,0)', 'malformed: port 0 does not exist'],
    ['Entering Passive Mode (192,0,2,9,195)', 'malformed: 5 numbers instead of 6'],
    ['Entering Passive Mode (192,0,2,9,1,195,80)', 'malformed: 7 numbers instead of 6'],
    ['Entering Passive Mode (192,0,2,-9,195,80)', 'malformed: 3 numbers instead of 6'],
    ['Entering Passive Mode (192,0,2,9,195,80', 'malformed: the parenthesis is not closed'],
    ['Entering Passive Mode (', 'malformed: the parenthesis is not closed'],
    ['Entering Passive Mode (192,0,2,9,195,80\0)', 'malformed: it contains a NUL byte'],
    ['Logout.', 'none: no address and port in the reply'],
    ['Response to PASV command', 'none: no address and port in the reply'],
  ])('rejects %j', (text, expected) => {
    expect(short(parse227(text))).toBe(expected)
  })

  it('reads hostile lines in linear time', () => {
    for (const piece of ['1', '1,', '(', '1 ,', '(1,2,3,4,5,', '999,'])
      expect(parse227(piece.repeat(65_536 / piece.length)).kind).not.toBe('host-port')
  })
})

describe('parse228 and LPRT', () => {
  it.each([
    ['Entering Long Passive Mode (4,4,192,0,2,9,2,195,80)', '192.0.2.9 50000'],
    ['Entering Long Passive Mode (6,16,32,1,13,184,0,0,0,0,0,0,0,0,0,0,0,1,2,195,80)', '2001:db8::1 50000'],
    ['Entering Long Passive Mode (5,4,192,0,2,9,2,195,80)', 'malformed: address family 5 is neither 4 nor 6'],
    [
      'Entering Long Passive Mode (4,16,192,0,2,9,2,195,80)',
      'malformed: address length 16 does not match address family 4',
    ],
    ['Entering Long Passive Mode (4,4,192,0,2,9,3,195,80)', 'malformed: port length 3 is not 2'],
    ['Entering Long Passive Mode (4,4,192,0,2,9,2,195)', 'malformed: 8 numbers instead of 9 or 21'],
  ])('reads %j', (text, expected) => {
    expect(short(parse228(text))).toBe(expected)
    expect(short(parseLprt(/\((.*)\)/.exec(text)![1]!))).toBe(expected)
  })
})

describe('parseSpsv', () => {
  it('reads the bare port of Pure-FTPd, and a tuple', () => {
    expect(short(parseSpsv('50005'))).toBe('- 50005')
    expect(short(parseSpsv('Entering Passive Mode (192,0,2,9,195,80)'))).toBe('192.0.2.9 50000')
    expect(short(parseSpsv('70000'))).toBe('malformed: port 70000 does not exist')
  })
})

describe('parse229', () => {
  it.each([
    ['Entering Extended Passive Mode (|||6446|)', '- 6446'],
    ['Entering Extended Passive Mode (|||6446|).', '- 6446'],
    ['Extended Passive mode OK (|||6446|)', '- 6446'],
    // IBM i.
    ['Entering extended passive mode (!!!6446!).', '- 6446'],
    ['|||6446|', '- 6446'],
    ['Passive (see manual) (|||6446|)', '- 6446'],
    ['Entering Extended Passive Mode (|1|192.0.2.9|5001|)', '192.0.2.9 5001'],
    ['Entering Extended Passive Mode (|2|2001:DB8:0::1|5001|)', '2001:db8::1 5001'],
    ['Entering Extended Passive Mode (||192.0.2.9|5001|)', '192.0.2.9 5001'],
    ['Entering Extended Passive Mode (|||06446|)', '- 6446'],
  ])('reads %j', (text, expected) => {
    expect(short(parse229(text))).toBe(expected)
  })

  it.each([
    ['Entering Extended Passive Mode (|||0|)', 'malformed: port 0 does not exist'],
    ['Entering Extended Passive Mode (|||65536|)', 'malformed: port 65536 does not exist'],
    ['Entering Extended Passive Mode (|||99999999999999999999|)', 'malformed: port 999999999999… does not exist'],
    ['Entering Extended Passive Mode (||||)', 'malformed: the port is missing'],
    ['Entering Extended Passive Mode (|||64x6|)', 'malformed: the port is not a number'],
    ['Entering Extended Passive Mode (|||6446!)', 'malformed: the delimiters differ'],
    ['Entering Extended Passive Mode (|!|6446|)', 'malformed: the delimiters differ or are too few'],
    ['Entering Extended Passive Mode (|||6446)', 'malformed: the closing delimiter is missing'],
    ['Entering Extended Passive Mode (|||6446|', 'malformed: the parenthesis is not closed'],
    ['Entering Extended Passive Mode (', 'malformed: the parenthesis is not closed'],
    ['Entering Extended Passive Mode (aaa6446a)', 'malformed: the delimiter a could be part of a number or address'],
    ['Entering Extended Passive Mode (:::6446:)', 'malformed: the delimiter : could be part of a number or address'],
    ['Entering Extended Passive Mode (|||64\x0046|)', 'malformed: the port is not a number'],
    ['Entering Extended\0 Passive Mode (|||6446|)', 'malformed: it contains a NUL byte'],
    ['Extended\0 Passive |||6446|', 'malformed: it contains a NUL byte'],
    ['Entering Extended Passive Mode (', 'malformed: the parenthesis is not closed'],
    ['Entering Passive Mode', 'none: no port in the reply'],
  ])('rejects %j', (text, expected) => {
    expect(short(parse229(text))).toBe(expected)
  })
})

describe('parsePort', () => {
  it.each([
    ['192,0,2,5,24,131', '192.0.2.5 6275'],
    ['  192,0,2,5,24,131  ', '192.0.2.5 6275'],
    ['192, 0, 2, 5, 24, 131', '192.0.2.5 6275'],
    ['2,2,2,3,0,80', '2.2.2.3 80'],
    ['192,0,2,5,24', 'malformed: 5 numbers instead of 6'],
    ['192,0,2,5,24,131,1', 'malformed: 7 numbers instead of 6'],
    ['192,0,2,256,24,131', 'malformed: octet 256 is larger than 255'],
    ['192,0,2,-5,24,131', 'malformed: it contains more than numbers and commas'],
    ['192.0.2.5,24,131', 'malformed: it contains more than numbers and commas'],
    ['(192,0,2,5,24,131)', 'malformed: it contains more than numbers and commas'],
    ['192,0,2,5,0,0', 'malformed: port 0 does not exist'],
    ['192,0,2,5,24,131\0', 'malformed: it contains a NUL byte'],
    ['', 'malformed: the argument is missing'],
  ])('reads %j', (argument, expected) => {
    expect(short(parsePort(argument))).toBe(expected)
  })
})

describe('parseLprt', () => {
  const six = '6,16,32,1,13,184,0,0,0,0,0,0,0,0,0,0,0,1'

  it.each([
    ['4,4,192,0,2,5,2,24,131', '192.0.2.5 6275'],
    [`${six},2,24,131`, '2001:db8::1 6275'],
    ['4,4,192,0,2,300,2,24,131', 'malformed: octet 300 is larger than 255'],
    ['5,4,192,0,2,5,2,24,131', 'malformed: address family 5 is neither 4 nor 6'],
    ['4,16,192,0,2,5,2,24,131', 'malformed: address length 16 does not match address family 4'],
    ['4,4,192,0,2,5,3,24,131', 'malformed: port length 3 is not 2'],
    ['6,16,32,1,13,184,2,24,131', 'malformed: port length none is not 2'],
    [`4,4,192,0,2,5,2,24,131${',0'.repeat(12)}`, 'malformed: 21 numbers instead of 9'],
    ['4,4,192,0,2,5,2,24', 'malformed: 8 numbers instead of 9 or 21'],
  ])('reads %j', (argument, expected) => {
    expect(short(parseLprt(argument))).toBe(expected)
  })
})

describe('parseEprt', () => {
  it.each([
    ['|1|192.0.2.5|6275|', '192.0.2.5 6275'],
    ['|2|2001:db8::1|5282|', '2001:db8::1 5282'],
    ['|2|2001:0DB8:0:0:0:0:0:1|5282|', '2001:db8::1 5282'],
    ['|2|fe80::1%eth0|5282|', 'fe80::1 5282'],
    ['!1!192.0.2.5!6275!', '192.0.2.5 6275'],
    [' |1|192.0.2.5|6275| ', '192.0.2.5 6275'],
    ['|1|192.0.2.5|70000|', 'malformed: port 70000 does not exist'],
    ['|1|192.0.2.5|0|', 'malformed: port 0 does not exist'],
    ['|1|192.0.2.300|6275|', 'malformed: the address is not valid'],
    ['|1|2001:db8::1|6275|', 'malformed: protocol 1 does not match the address'],
    ['|3|192.0.2.5|6275|', 'malformed: the protocol is neither 1 (IPv4) nor 2 (IPv6)'],
    ['|1|192.0.2.5|6275', 'malformed: the closing delimiter is missing'],
    ['|1|192.0.2.5!6275|', 'malformed: the delimiters differ or are too few'],
    ['|1|192.0.2.5|6275|x', 'malformed: there are more than three fields'],
    ['|1|192.0.2.5|62x5|', 'malformed: the port is not a number'],
    [`|1|192.0.2.5|${'0'.repeat(128)}6275|`, 'malformed: it is too long for an address and a port'],
    ['a1a192.0.2.5a6275a', 'malformed: a is not a valid delimiter'],
    ['', 'malformed: the argument is missing'],
  ])('reads %j', (argument, expected) => {
    expect(short(parseEprt(argument))).toBe(expected)
  })
})

describe('addresses in announcements', () => {
  it.each([
    ['::', '::'],
    ['::1', '::1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('writes %s as RFC 5952 does', (text, expected) => {
    expect(announcedAddress(text)?.address).toBe(expected)
  })

  it.each(['1::2::3', ':::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '12345::', 'g::', '1.2.3', '1.2.3.4.5', ':', ''])(
    'does not accept %j',
    (text) => {
      expect(announcedAddress(text)).toBeNull()
    },
  )
})

const octet = fc.nat({ max: 255 })
const endpoint = fc.record({
  host: fc.tuple(octet, octet, octet, octet),
  port: fc.integer({ min: 1, max: 65_535 }),
})
const delimiter = fc.constantFrom(...Array.from('!"#$%&\'*+,-/;<=>?@[]^_`{|}~ghxyz'))
const ipv6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => addressText(bytes, 0, 6))

describe('announcements', () => {
  it('are parsed as they were printed', () => {
    fc.assert(
      fc.property(endpoint, delimiter, ipv6, ({ host, port }, d, six) => {
        const tuple = [...host, port >> 8, port & 255].join(',')
        const address = host.join('.')
        expect(short(parse227(`Entering Passive Mode (${tuple}).`))).toBe(`${address} ${port}`)
        expect(short(parsePort(tuple))).toBe(`${address} ${port}`)
        expect(short(parse229(`Extended Passive mode OK (${d}${d}${d}${port}${d})`))).toBe(`- ${port}`)
        expect(short(parseEprt(`${d}1${d}${address}${d}${port}${d}`))).toBe(`${address} ${port}`)
        expect(short(parseEprt(`${d}2${d}${six}${d}${port}${d}`))).toBe(`${six} ${port}`)
      }),
    )
  })

  it('never throw and never yield a port or octet out of range', () => {
    const noise = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[(),|!0-9 .:a-f\0-]{0,60}$/),
      fc
        .array(fc.constantFrom('(', ')', ',', '|', '|||', '256', '0', '65536', '1.2.3.4', '6', '::', ' '), {
          maxLength: 30,
        })
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(noise, (text) => {
        for (const parse of [parse227, parse228, parse229, parseSpsv, parsePort, parseEprt, parseLprt]) {
          const result = parse(text)
          if (result.kind !== 'host-port') continue
          expect(result.port).toBeGreaterThanOrEqual(1)
          expect(result.port).toBeLessThanOrEqual(65_535)
          expect(Number.isInteger(result.port)).toBe(true)
          if (result.address !== null) expect(announcedAddress(result.address)?.address).toBe(result.address)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
