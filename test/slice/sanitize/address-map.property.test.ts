import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AddressMap } from '../../../src/slice/sanitize/address-map.js'
import { Keyed } from '../../../src/slice/sanitize/keyed.js'
import { addressText, parseAddress } from '../../../src/wire/address.js'
import { scope } from '../../../src/wire/address-scope.js'
import { cases, check } from '../../property/check.js'
import { KEY } from './sanitized.js'

const map = new AddressMap(new Keyed(KEY))
const imageOf = (address: string, own = map) => {
  const bytes = parseAddress(address)!
  return addressText(own.map(bytes), 0, bytes.length === 4 ? 4 : 6)
}
const v4 = fc.oneof(
  fc.ipV4(),
  fc
    .tuple(
      fc.constantFrom(...'10 100.64 172.16 192.168 198.51.100 203.0.113 169.254 224 127 192.0'.split(' ')),
      fc.ipV4(),
    )
    .map(([prefix, address]) => [...prefix.split('.'), ...address.split('.')].slice(0, 4).join('.')),
)
const v6 = fc
  .tuple(
    fc.constantFrom('2001:db8', '2a00:1450', 'fe80:0', 'fd12:3456', 'ff02:0', '64:ff9b', '2001:0', '0:0', '3fff:0'),
    fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 6, maxLength: 6 }),
  )
  .map(([prefix, groups]) => [prefix, ...groups.map((group) => group.toString(16))].join(':'))
const RUNS = cases(200, 5000)

/** Length of the common beginning, in parts. */
const shared = (a: string[], b: string[]) => a.findIndex((part, at) => part !== b[at])

describe('The map of addresses', () => {
  it('leaves an address in its scope, and its text as long as it was', () => {
    check(
      fc.property(fc.oneof(v4, v6), (address) => {
        const text = addressText(parseAddress(address)!, 0, address.includes(':') ? 6 : 4)
        expect(scope(imageOf(address))).toBe(scope(address))
        expect(imageOf(address).replace(/[0-9a-f]/g, 'x')).toBe(text.replace(/[0-9a-f]/g, 'x'))
      }),
      RUNS,
    )
  })

  it('gives two addresses images that share as many octets, so that no two have the same one', () => {
    check(
      fc.property(v4, v4, (a, b) => {
        const parts = (address: string) => address.split('.')
        expect(shared(parts(imageOf(a)), parts(imageOf(b)))).toBe(shared(parts(a), parts(b)))
      }),
      RUNS,
    )
  })

  it('gives two IPv6 addresses images that share as many hexadecimal digits', () => {
    const digits = (address: string) => Array.from(Buffer.from(parseAddress(address)!).toString('hex'))
    check(
      fc.property(v6, v6, fc.nat(31), (a, b, length) => {
        const [first, second] = [digits(a), digits(b)]
        const joined = [...first.slice(0, length), ...second.slice(length)].join('').match(/.{4}/g)!.join(':')
        expect(shared(digits(imageOf(a)), digits(imageOf(joined)))).toBe(shared(first, digits(joined)))
      }),
      RUNS,
    )
  })

  it('maps an IPv4-mapped address like the IPv4 address in it', () => {
    check(
      fc.property(v4, (address) => {
        expect(imageOf(`::ffff:${address}`)).toBe(`::ffff:${imageOf(address)}`)
      }),
      RUNS,
    )
  })

  it('depends on the key, and on nothing else', () => {
    const other = new AddressMap(new Keyed(KEY.slice(1)))
    const again = new AddressMap(new Keyed(KEY))
    const some = ['192.0.2.9', '10.1.2.3', '198.51.100.7', '81.2.69.142', '2001:db8::5:9', '172.20.9.8']
    expect(some.map((each) => imageOf(each, again))).toEqual(some.map((each) => imageOf(each)))
    expect(some.map((each) => imageOf(each, other))).not.toEqual(some.map((each) => imageOf(each)))
    expect(some.every((each) => imageOf(each) !== each)).toBe(true)
  })

  it.each(['0.0.0.0', '255.255.255.255', '127.0.0.1', '224.0.0.251', '::', '::1', 'ff02::fb'])(
    'leaves %s',
    (address) => {
      expect(imageOf(address)).toBe(address)
    },
  )
})
