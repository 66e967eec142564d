import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AddressTable } from '../../src/tcp/address-table.js'
import { check } from '../property/check.js'

const v4 = (n: number) => Uint8Array.of(10, n >>> 16, n >>> 8, n)
const v6 = (n: number) => Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, n >>> 24, n >>> 16, n >>> 8, n)

function intern(table: AddressTable, address: Uint8Array): number {
  return table.intern(Uint8Array.of(0xee, ...address), 1, address.length === 16 ? 6 : 4)
}

function find(table: AddressTable, address: Uint8Array): number {
  return table.find(address, 0, address.length === 16 ? 6 : 4)
}

const address = fc.tuple(fc.boolean(), fc.nat(40)).map(([six, n]) => (six ? v6(n) : v4(n)))
const step = fc.record({ address, what: fc.constantFrom('hold', 'hold', 'release', 'find') })

describe('AddressTable', () => {
  it('knows what a map knows, over any order of holding and releasing, and gives no id to two addresses', () => {
    check(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const table = new AddressTable()
        const held = new Map<string, { id: number; holders: number; bytes: Uint8Array }>()
        for (const { address, what } of steps) {
          const known = held.get(address.join())
          if (what === 'hold') {
            const id = intern(table, address)
            if (known) expect(id).toBe(known.id)
            table.hold(id)
            held.set(address.join(), { id, holders: (known?.holders ?? 0) + 1, bytes: address })
          } else if (what === 'release' && known) {
            table.release(known.id)
            if (--known.holders === 0) held.delete(address.join())
          }
          expect(find(table, address)).toBe(held.get(address.join())?.id ?? -1)
          expect(new Set([...held.values()].map(({ id }) => id)).size).toBe(held.size)
          for (const { id, bytes } of held.values()) expect(table.bytes(id)).toEqual(bytes)
        }
      }),
    )
  })

  it('keeps ids and addresses while it grows far beyond its first size', () => {
    const table = new AddressTable()
    const ids = Array.from({ length: 50_000 }, (_, n) => {
      const id = intern(table, n % 2 === 0 ? v4(n) : v6(n))
      table.hold(id)
      return id
    })
    expect(ids.filter((id, n) => find(table, n % 2 === 0 ? v4(n) : v6(n)) !== id)).toEqual([])
    ids.forEach((id, n) => {
      const bytes = n % 2 === 0 ? v4(n) : v6(n)
      if (n % 97 === 0) expect([table.version(id), table.bytes(id)]).toEqual([n % 2 === 0 ? 4 : 6, bytes])
    })
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('uses ids again, so that any number of addresses one after the other take no more room than one', () => {
    const table = new AddressTable()
    let highest = 0
    for (let n = 0; n < 100_000; n++) {
      const id = intern(table, v4(n))
      table.hold(id)
      table.release(id)
      highest = Math.max(highest, id)
    }
    expect(highest).toBe(0)
  })

  it('distinguishes an IPv4 address from the IPv6 address with the same first bytes', () => {
    const table = new AddressTable()
    const six = new Uint8Array(16)
    six.set(v4(7))
    expect(intern(table, six)).not.toBe(intern(table, v4(7)))
  })
})
