import { expect, it } from 'vitest'
import { makeSamples } from '../../samples/made/write.js'
import { FAULTS, hasTshark, tsharkFields } from '../support/tshark.js'

const samples = await makeSamples()

it.skipIf(!hasTshark)('The made samples have no packet with a fault that tshark sees', () => {
  // One file of all their records, since starting tshark takes longer than reading them. Only whole Ethernet captures
  // can be joined and checked like this, which nearly all are.
  const header = samples[0]!.bytes.subarray(0, 24)
  const alike = samples.filter(({ bytes }) => header.every((byte, at) => byte === bytes[at]) && isWhole(bytes))
  expect(alike.length).toBeGreaterThan(samples.length * 0.9)
  const joined = Buffer.concat([header, ...alike.map(({ bytes }) => bytes.subarray(24))])
  expect(tsharkFields(joined, FAULTS, 'frame.number', 'frame.time_relative', 'ip.src', 'tcp.srcport')).toEqual([])
})
/** True when the records of a little-endian pcap end where the file does. */
function isWhole(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 24
  while (at + 16 <= bytes.length) at += 16 + view.getUint32(at + 8, true)
  return at === bytes.length
}
