import { Frame } from '../../src/capture/frame.js'

/** Frames of a classic pcap file of either byte order, for tests that only need to iterate over its records. */
export function* framesOf(file: Uint8Array): Generator<Frame> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const little = view.getUint8(0) === 0xd4
  const frame = new Frame()
  frame.bytes = file
  frame.linkType = view.getUint32(20, little) & 0xffff
  let first = -1
  for (let at = 24; at + 16 <= file.length; at = frame.end) {
    const time = view.getUint32(at, little) * 1e9 + view.getUint32(at + 4, little) * 1000
    if (first < 0) first = time
    frame.number++
    frame.time = time - first
    frame.start = at + 16
    frame.end = frame.start + view.getUint32(at + 8, little)
    frame.wireLength = view.getUint32(at + 12, little)
    if (frame.end > file.length) return
    yield frame
  }
}

export interface CapturedFrame {
  linkType: number
  bytes: Uint8Array
  wireLength: number
}

/** A pcapng file, little-endian, with an interface for each link type: combines any frames for one run of an oracle. */
export function pcapngOf(frames: readonly CapturedFrame[]): Uint8Array {
  const linkTypes = [...new Set(frames.map((frame) => frame.linkType))]
  const blocks = [
    block(0x0a0d0d0a, [0x1a2b3c4d, 0x00000001, 0xffffffff, 0xffffffff]),
    ...linkTypes.map((linkType) => block(1, [linkType, 0])),
    ...frames.map(({ linkType, bytes, wireLength }, i) =>
      block(6, [linkTypes.indexOf(linkType), 0, i, bytes.length, wireLength], bytes),
    ),
  ]
  const file = new Uint8Array(blocks.reduce((sum, each) => sum + each.length, 0))
  let at = 0
  for (const each of blocks) {
    file.set(each, at)
    at += each.length
  }
  return file
}

function block(type: number, words: readonly number[], bytes: Uint8Array = new Uint8Array(0)): Uint8Array {
  const length = 12 + words.length * 4 + Math.ceil(bytes.length / 4) * 4
  const result = new Uint8Array(length)
  const view = new DataView(result.buffer)
  for (const [i, word] of [type, length, ...words].entries()) view.setUint32(i * 4, word, true)
  result.set(bytes, 8 + words.length * 4)
  view.setUint32(length - 4, length, true)
  return result
}
