import { closeSync, openSync, readSync, writeSync } from 'node:fs'

/** Seconds that the clock of the other place is ahead. */
const AHEAD = 5
/** Routers between: what comes from a client has a lower hop limit there, what comes from a server a higher one. */
const ROUTERS = 2
const CHUNK = 1 << 20
const FILE_HEADER = 24
const RECORD_HEADER = 16
const ETHERNET = 14

/**
 * Writes a capture of a workload (little-endian pcap, Ethernet, IPv4) as another place saw it: its clock is ahead, and
 * there are routers between.
 */
export function writeElsewhere(from: string, to: string): void {
  const [input, output] = [openSync(from, 'r'), openSync(to, 'w')]
  let kept = new Uint8Array(0)
  let at = FILE_HEADER
  for (;;) {
    const bytes = new Uint8Array(kept.length + CHUNK)
    bytes.set(kept)
    const read = readSync(input, bytes, kept.length, CHUNK, null)
    if (read === 0) break
    const end = kept.length + read
    const view = new DataView(bytes.buffer, 0, end)
    while (at + RECORD_HEADER <= end) {
      const next = at + RECORD_HEADER + view.getUint32(at + 8, true)
      if (next > end) break
      moved(view, at)
      at = next
    }
    writeSync(output, bytes, 0, at)
    kept = bytes.slice(at, end)
    at = 0
  }
  closeSync(input)
  closeSync(output)
}

function moved(view: DataView, at: number): void {
  view.setUint32(at, view.getUint32(at, true) + AHEAD, true)
  const ip = at + RECORD_HEADER + ETHERNET
  if (view.getUint16(ip - 2) !== 0x0800) return
  const ports = ip + (view.getUint8(ip) & 15) * 4
  const isFromClient = view.getUint16(ports) > view.getUint16(ports + 2)
  const before = view.getUint16(ip + 8)
  view.setUint8(ip + 8, view.getUint8(ip + 8) + (isFromClient ? -ROUTERS : ROUTERS))
  // RFC 1624: the checksum of the header, for one word that changed.
  let sum = (~view.getUint16(ip + 10) & 0xffff) + (~before & 0xffff) + view.getUint16(ip + 8)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  view.setUint16(ip + 10, ~sum & 0xffff)
}
