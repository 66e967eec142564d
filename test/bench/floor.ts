/**
 * The floor: reads a classic pcap or a pcapng file and walks over its records and their TCP headers, and does nothing
 * else. What an analysis costs above this is what it does itself. Compiled to plain JavaScript and run by `node` as
 * ftpscope is.
 */
import { closeSync, openSync, readSync } from 'node:fs'

const CHUNK = 1 << 20
const file = openSync(process.argv[2]!, 'r')
const buffer = new Uint8Array(CHUNK * 2)
const view = new DataView(buffer.buffer)
const pcap = readSync(file, buffer, 0, 24, 0) === 24 && view.getUint32(0, true) === 0xa1b2c3d4
const recordHeader = pcap ? 16 : 28
let position = pcap ? 24 : 60
let left = 0
let packets = 0
let check = 0

for (;;) {
  const read = readSync(file, buffer, left, CHUNK, position)
  if (read === 0) break
  position += read
  const end = left + read
  let at = 0
  while (end - at >= recordHeader) {
    const next = at + (pcap ? 16 + view.getUint32(at + 8, true) : view.getUint32(at + 4, true))
    if (next > end) break
    walk(at + recordHeader)
    packets++
    at = next
  }
  buffer.copyWithin(0, at, end)
  left = end - at
}
closeSync(file)
console.log(packets, check)

function walk(frame: number): void {
  let at = frame + 12
  let type = view.getUint16(at)
  if (type === 0x8100) type = view.getUint16((at += 4))
  at += 2
  if (type === 0x0800) at += (buffer[at]! & 15) << 2
  else if (type === 0x86dd) at += 40
  else return
  check = (check + view.getUint32(at) + view.getUint32(at + 4) + view.getUint32(at + 8) + view.getUint16(at + 12)) | 0
}
