import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AddressTable } from '../../src/tcp/address-table.js'
import { Direction } from '../../src/tcp/connection.js'
import { ConnectionTable } from '../../src/tcp/connection-table.js'
import { check } from '../property/check.js'

const bytesOf = (host: number) => Uint8Array.of(192, 0, 2, host)

/** A table and the addresses that its rows hold. */
function tables(cap: number) {
  const addresses = new AddressTable()
  const table = new ConnectionTable(addresses, cap)
  const add = (a: number, aPort: number, b: number, bPort: number) =>
    table.add(addresses.intern(bytesOf(a), 0, 4), aPort, addresses.intern(bytesOf(b), 0, 4), bPort)
  const find = (a: number, aPort: number, b: number, bPort: number) =>
    table.find(Uint8Array.of(...bytesOf(a), ...bytesOf(b)), 0, aPort, 4, bPort, 4)
  return { addresses, table, add, find }
}

const keyOf = (a: number, aPort: number, b: number, bPort: number) => [`${a} ${aPort}`, `${b} ${bPort}`].sort().join()

const ends = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(5), fc.integer({ min: 1, max: 4 }), fc.nat(5))

describe('ConnectionTable', () => {
  it('finds what a map finds, in both directions, and forgets the oldest rows first when it is full', () => {
    check(
      fc.property(fc.array(ends, { maxLength: 120 }), fc.integer({ min: 1, max: 12 }), (steps, cap) => {
        const { table, add, find } = tables(cap)
        /** In the order of insertion. */
        const oracle = new Map<string, { row: number; ends: (typeof steps)[number] }>()
        let evicted = 0
        for (const step of steps) {
          const [a, aPort, b, bPort] = step
          const known = oracle.get(keyOf(...step))
          expect(find(a, aPort, b, bPort)).toBe(known?.row ?? -1)
          expect(find(b, bPort, a, aPort)).toBe(known?.row ?? -1)
          if (known) continue
          if (oracle.size === cap) {
            oracle.delete(oracle.keys().next().value!)
            evicted++
          }
          oracle.set(keyOf(...step), { row: add(a, aPort, b, bPort), ends: step })
          expect(table.evicted).toBe(evicted)
          expect(table.size).toBe(oracle.size)
          for (const { row, ends } of oracle.values()) expect(find(...ends)).toBe(row)
        }
      }),
      300,
    )
  })

  it('distinguishes ends that share a host or a port', () => {
    const { add, find } = tables(100)
    const rows = [add(1, 5, 1, 6), add(1, 6, 2, 5), add(1, 5, 2, 6), add(1, 5, 1, 5)]
    expect([find(1, 6, 1, 5), find(2, 5, 1, 6), find(2, 6, 1, 5), find(1, 5, 1, 5)]).toEqual(rows)
    expect(new Set(rows).size).toBe(4)
  })

  it('keeps every row and its columns while it grows', () => {
    const { table, add, find } = tables(1e6)
    for (let n = 0; n < 20_000; n++) {
      const row = add(1 + (n % 7), n, 100 + (n % 5), 21)
      table.begin(row, n, 0, 0)
      table.setSequence(row, Direction.FromInitiator, 4_000_000_000 + n)
    }
    const lost = []
    for (let n = 0; n < 20_000; n++) {
      const row = find(100 + (n % 5), 21, 1 + (n % 7), n)
      if (table.stream(row) !== n || table.sequence(row, Direction.FromInitiator) !== 4_000_000_000 + n) lost.push(n)
    }
    expect(lost).toEqual([])
  })

  it('finds each though all ports of two hosts are in use', () => {
    const { add, find } = tables(1e6)
    for (let port = 0; port < 65_536; port++) add(1, port, 2, 21)
    for (let port = 0; port < 65_536; port++) add(1, port, 2, 65_535 - port)
    const ports = Array.from({ length: 65_536 }, (_, port) => port)
    expect(ports.filter((port) => find(2, 21, 1, port) < 0)).toEqual([])
  })

  it('spares the rows that are followed, and says how many connections it turned away when only those are left', () => {
    const { table, addresses, add, find } = tables(3)
    const rows = [add(1, 1, 2, 21), add(1, 2, 2, 21), add(1, 3, 2, 21)]
    table.follow(rows[1]!, 7)
    const next = [add(1, 4, 2, 21), add(1, 5, 2, 21)]
    expect(find(1, 2, 2, 21)).toBe(rows[1])
    expect([find(1, 1, 2, 21), find(1, 3, 2, 21)]).toEqual([-1, -1])
    expect(table.evicted).toBe(2)
    for (const row of next) table.follow(row, 7)
    expect(add(9, 6, 2, 21)).toBe(-1)
    expect(table.turnedAway).toBe(1)
    // The addresses of what was turned away are not held.
    expect(addresses.find(bytesOf(9), 0, 4)).toBe(-1)
  })

  it('keeps an address whose last holder gives way to a new connection of the same host', () => {
    const { addresses, add, find } = tables(1)
    add(1, 1, 2, 21)
    const row = add(1, 2, 3, 21)
    expect(row).toBe(find(1, 2, 3, 21))
    expect(addresses.intern(bytesOf(4), 0, 4)).not.toBe(addresses.find(bytesOf(1), 0, 4))
  })
})
