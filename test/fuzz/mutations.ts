/** What damage does to a capture: each returns a changed copy. `random` gives 0 to 1. */
export type Mutation = (bytes: Uint8Array, random: () => number) => Uint8Array

const FILE_HEADER = 24
const RECORD_HEADER = 16
const EDGES = [0, 1, 0x7f, 0x80, 0xff]

const below = (limit: number, random: () => number) => Math.floor(random() * limit)

/** Offsets of the record headers of a little-endian pcap. */
function recordsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const records: number[] = []
  for (let at = FILE_HEADER; at + RECORD_HEADER <= bytes.length; at += RECORD_HEADER + view.getUint32(at + 8, true)) {
    records.push(at)
  }
  return records
}

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'bits flipped': (bytes, random) => {
    const copy = bytes.slice()
    for (let i = 0; i < 1 + below(20, random); i++) copy[below(copy.length, random)]! ^= 1 << below(8, random)
    return copy
  },

  /** In the first bytes of frames, where the lengths and offsets of all headers are. */
  'headers damaged': (bytes, random) => {
    const copy = bytes.slice()
    const records = recordsOf(bytes)
    for (let i = 0; i < 1 + below(records.length, random); i++) {
      const at = records[below(records.length, random)]! + RECORD_HEADER + below(80, random)
      if (at < copy.length) copy[at] = random() < 0.5 ? EDGES[below(EDGES.length, random)]! : below(256, random)
    }
    return copy
  },

  'record lengths swapped or wrong': (bytes, random) => {
    const copy = bytes.slice()
    const view = new DataView(copy.buffer)
    const records = recordsOf(bytes)
    const at = records[below(records.length, random)]! + 8
    const other = records[below(records.length, random)]! + 8
    const captured = view.getUint32(at, true)
    const choice = below(4, random)
    if (choice === 0) view.setUint32(at, view.getUint32(other, true), true)
    else if (choice === 1) view.setUint32(at, captured + below(100, random) - 50, true)
    else if (choice === 2) view.setUint32(at, below(2 ** 32, random), true)
    else view.setUint32(at + 4, below(2 ** 32, random), true)
    return copy
  },

  'cut short': (bytes, random) => bytes.slice(0, below(bytes.length, random)),

  'a piece missing': (bytes, random) => {
    const from = FILE_HEADER + below(bytes.length - FILE_HEADER, random)
    const to = Math.min(bytes.length, from + 1 + below(300, random))
    return joined(bytes.subarray(0, from), bytes.subarray(to))
  },

  'a piece repeated': (bytes, random) => {
    const from = below(bytes.length, random)
    const to = Math.min(bytes.length, from + 1 + below(2000, random))
    return joined(bytes.subarray(0, to), bytes.subarray(from))
  },

  'records in any order': (bytes, random) => {
    const records = recordsOf(bytes)
    const pieces = records.map((at, i) => ({
      piece: bytes.subarray(at, records[i + 1] ?? bytes.length),
      key: random(),
    }))
    const shuffled = pieces.sort((a, b) => a.key - b.key).map(({ piece }) => piece)
    return joined(bytes.subarray(0, FILE_HEADER), ...shuffled)
  },

  'times of any value': (bytes, random) => {
    const copy = bytes.slice()
    const view = new DataView(copy.buffer)
    for (const at of recordsOf(bytes)) {
      if (random() < 0.3) view.setUint32(at, below(2 ** 32, random), true)
      if (random() < 0.1) view.setUint32(at + 4, below(2 ** 32, random), true)
    }
    return copy
  },
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
