import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressText, parseAddress, parseIpv4, parseIpv6 } from '../../src/wire/address.js'

const canonical = (text: string): string | null => {
  const bytes = parseIpv6(text)
  return bytes && addressText(bytes, 0, 6)
}

describe('Addresses as text', () => {
  it('are dotted decimal for IPv4, read at any offset', () => {
    expect(addressText(Uint8Array.of(9, 9, 192, 0, 2, 255, 9), 2, 4)).toBe('192.0.2.255')
  })

  it.each([
    ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['fe80:0:0:0:0:0:0:0', 'fe80::'],
    ['0:0:1:0:0:0:0:0', '0:0:1::'],
    ['::ffff:c000:0201', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ])('follow RFC 5952: %s is %s', (text, expected) => {
    expect(canonical(text)).toBe(expected)
  })

  it('of IPv6 are read back to the same bytes', () => {
    const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
      minLength: 8,
      maxLength: 8,
    })
    fc.assert(
      fc.property(groups, (values) => {
        const bytes = Uint8Array.from(values.flatMap((value) => [value >> 8, value & 255]))
        const text = addressText(bytes, 0, 6)
        expect(isIPv6(text)).toBe(true)
        expect(parseAddress(text)).toEqual(bytes)
      }),
    )
  })
})

describe('Parsing an address', () => {
  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4 ',
    ' 1.2.3.4',
    '1..3.4',
    '0x1.2.3.4',
    '1.2.3.-4',
    '1.2.3.4e0',
  ])('rejects %j as IPv4', (text) => {
    expect(parseIpv4(text)).toBeNull()
    expect(parseAddress(text)).toBeNull()
  })

  it.each([
    ':',
    ':::',
    '1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '::1::',
    '1::2::3',
    '12345::',
    'g::',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    '1:2:3:4::5:6:7:8',
    '::1.2.3',
    '::1.2.3.4:5',
    '1.2.3.4::',
    '1:2:3:4:5:6:7:1.2.3.4',
    'fe80::1%eth0',
    '::1/128',
    ' ::1',
    '1: :2::',
  ])('rejects %j as IPv6', (text) => {
    expect(parseIpv6(text)).toBeNull()
  })

  it('accepts exactly what Node’s own parser accepts', () => {
    const piece = fc.oneof(
      fc.constantFrom(':', '::', '.', '0', '00', 'f', 'ffff', '1.2.3.4', '255', '256', ' ', '-'),
      fc.stringMatching(/^[0-9a-fA-F]{1,5}$/),
    )
    const likely = fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(fc.oneof(likely, fc.ipV4(), fc.ipV6(), fc.ipV4Extended(), fc.string()), (text) => {
        expect(parseIpv4(text) !== null).toBe(isIPv4(text))
        expect(parseIpv6(text) !== null).toBe(isIPv6(text) && !text.includes('%'))
      }),
      { numRuns: 2000 },
    )
  })
})
