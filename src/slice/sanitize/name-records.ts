import { roundUp } from '../../capture/pcapng-blocks.js'
import type { AddressMap } from './address-map.js'
import type { CertificateNames } from './certificate-names.js'

const BODY = 8
const TRAILER = 4
const RECORD_HEADER = 4
const RECORD_V4 = 1
const RECORD_V6 = 2

/** The records of a Name Resolution Block (draft-ietf-opsawg-pcapng §4.5), addresses and names replaced; no options. */
export function rewrittenNames(
  block: Uint8Array,
  little: boolean,
  addresses: AddressMap,
  names: CertificateNames,
): Uint8Array {
  const copy = block.slice()
  const view = new DataView(copy.buffer)
  let at = BODY
  while (at + RECORD_HEADER <= block.length - TRAILER) {
    const type = view.getUint16(at, little)
    const length = view.getUint16(at + 2, little)
    const start = at + RECORD_HEADER
    const size = type === RECORD_V4 ? 4 : type === RECORD_V6 ? 16 : 0
    if (size === 0 || length < size || start + length > block.length - TRAILER) break
    addresses.mapAt(copy, start, size)
    names.hostName(copy, start + size, start + length)
    copy.fill(0, start + length, Math.min(start + roundUp(length), block.length - TRAILER))
    at = start + roundUp(length)
  }
  // From here on there is the end of the records, or nothing that is known: four zeros are that end.
  const end = Math.min(at, block.length - TRAILER - RECORD_HEADER)
  const short = new Uint8Array(end + RECORD_HEADER + TRAILER)
  short.set(copy.subarray(0, end))
  const shortView = new DataView(short.buffer)
  shortView.setUint32(4, short.length, little)
  shortView.setUint32(short.length - TRAILER, short.length, little)
  return short
}
