import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { captures, sampleCaptures } from '../support/captures.js'

/** Larger captures cost time without holding more. */
const LARGEST_SEED = 24 * 1024

/** All captures at hand that are not large. */
export function captureSeeds(): Uint8Array[] {
  return captures()
    .map((path) => (path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path)))
    .filter(({ length }) => length <= LARGEST_SEED)
    .map((bytes) => new Uint8Array(bytes))
}

/** Paths of the samples that are classic pcap. */
export function classicCaptures(): string[] {
  return sampleCaptures().filter((path) => readFileSync(path)[0] === 0xd4)
}
