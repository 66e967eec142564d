import fc from 'fast-check'
import { toPcap, toPcapng } from '../support/pcap-writer.js'
import { noise, SCENES } from './scenes.js'

const EPOCH = Date.UTC(2024, 2, 1, 9)

export interface File {
  path: string
  bytes: Uint8Array
}

/**
 * Captures of one place or several: some follow each other, some overlap, some are truncated, snapped, empty or not
 * captures.
 */
export const fileSets = fc
  .array(
    fc.record({
      name: fc.constantFrom(...Object.keys(SCENES), 'noise', 'empty', 'text'),
      second: fc.integer({ min: 0, max: 12 }),
      port: fc.integer({ min: 52_000, max: 52_003 }),
      format: fc.constantFrom('pcap', 'nanosecond', 'pcapng'),
      snapLength: fc.constantFrom(262_144, 262_144, 90),
      cut: fc.constantFrom(0, 0, 0, 0.3),
    }),
    { minLength: 2, maxLength: 6 },
  )
  .map((recipes) => recipes.toSorted((a, b) => a.second - b.second).map(made))

function made(
  recipe: { name: string; second: number; port: number; format: string; snapLength: number; cut: number },
  index: number,
): File {
  const { name, second, port, format, snapLength, cut } = recipe
  const path = `${index}-${name}`
  if (name === 'text')
    return { path, bytes: new TextEncoder().encode('no capture at all, and long enough to see that') }
  const packets = name === 'empty' ? [] : name === 'noise' ? noise().packets : SCENES[name]!(port).packets
  const options = { start: EPOCH + second * 1000, snapLength, nanosecond: format !== 'pcap' }
  const bytes = format === 'pcapng' ? toPcapng(packets, options) : toPcap(packets, options)
  return { path, bytes: bytes.subarray(0, Math.max(24, Math.floor(bytes.length * (1 - cut)))) }
}
