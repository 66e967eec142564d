import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../src/wire/address.js'
import { communityId } from '../../src/wire/community-id.js'

/** Values published in the specification for TCP. */
const BASELINE: [string, number, string, number, string][] = [
  ['128.232.110.120', 34855, '66.35.250.204', 80, '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
  ['2001:470:e5bf:dead:4957:2174:e82c:4887', 63943, '2607:f8b0:400c:c03::1a', 25, '1:/qFaeAR+gFe1KYjMzVDsMv+wgU4='],
]

function idOf(source: string, sourcePort: number, destination: string, destinationPort: number): string {
  return communityId(parseAddress(source)!, sourcePort, parseAddress(destination)!, destinationPort)
}

describe('Community ID', () => {
  it.each(BASELINE)(
    'of %s:%i > %s:%i is that of the specification, in both directions',
    (source, port, destination, port2, expected) => {
      expect(idOf(source, port, destination, port2)).toBe(expected)
      expect(idOf(destination, port2, source, port)).toBe(expected)
    },
  )

  it('orders two ports of one address by number', () => {
    expect(idOf('::1', 21, '::1', 40000)).toBe(idOf('::1', 40000, '::1', 21))
    expect(idOf('::1', 21, '::1', 40000)).not.toBe(idOf('::1', 21, '::1', 40001))
  })
})
