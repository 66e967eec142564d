/** Wireshark as the judge: the same frames at the same times, headers that it reads alike, checksums as they were. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { captures } from '../../support/captures.js'
import { hasTshark, tsharkFields } from '../../support/tshark.js'
import { sanitized } from './sanitized.js'

/** A process of tshark takes half a second: of all captures, some. */
const SHARE = 6
const FILES = captures()
  .filter((path) => !path.endsWith('.gz') && readFileSync(path).length < 2_000_000)
  .filter((_, index) => index % SHARE === 0)
const FIELDS = [
  'frame.number',
  'frame.time_epoch',
  'frame.len',
  'frame.cap_len',
  'ip.checksum.status',
  'tcp.checksum.status',
  'udp.checksum.status',
  'icmp.checksum.status',
  'icmpv6.checksum.status',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.flags',
  'tcp.len',
  'tcp.stream',
  'tcp.srcport',
  'tcp.dstport',
]

describe.skipIf(!hasTshark)('Wireshark finds in a copy', () => {
  it.each(FILES)('the frames of the original: %s', (path) => {
    const file = new Uint8Array(readFileSync(path))
    const { copy } = sanitized([file])
    expect(tsharkFields(copy, 'frame', ...FIELDS)).toEqual(tsharkFields(file, 'frame', ...FIELDS))
  })
})
