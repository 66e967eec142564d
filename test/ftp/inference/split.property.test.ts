import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hiddenRecords } from '../../../src/ftp/inference/hidden-records.js'
import { cases, check } from '../../property/check.js'
import { client, hear, latin1, script, server, type Speech } from '../talk.js'

const RANDOM = '\x01'.repeat(32)
/** A ServerHello of TLS 1.2 with TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, and what comes before the first line. */
const HANDSHAKE: readonly Speech[] = [
  client(`\x16\x03\x01\0\x29\x01\0\0\x25\x03\x03${RANDOM}\0\0\0`),
  server(`\x16\x03\x03\0\x2a\x02\0\0\x26\x03\x03${RANDOM}\0\xc0\x2f\0`),
  client('\x14\x03\x03\0\x01\x01'),
  server('\x14\x03\x03\0\x01\x01'),
]
const ADDED = 24

function line(from: Speech['from'], length: number): Speech {
  const body = length + ADDED
  return { from, bytes: latin1(`\x17\x03\x03${String.fromCharCode(body >> 8, body & 255)}${'x'.repeat(body)}`) }
}

const lines = fc.array(
  fc.tuple(fc.constantFrom('client' as const, 'server' as const), fc.integer({ min: 1, max: 300 })),
  {
    maxLength: 12,
  },
)

describe('the lengths that TLS shows', () => {
  it('are the same however the bytes are split', () => {
    check(
      fc.property(lines, fc.infiniteStream(fc.integer({ min: 1, max: 400 })), (said, sizes) => {
        const before = [...script('S: 220 (vsFTPd 3.0.3)\nC: AUTH TLS\nS: 234 Proceed with negotiation.'), ...HANDSHAKE]
        const speeches = [...before, ...said.map(([from, length]) => line(from, length))]
        const pieces = speeches.flatMap(({ from, bytes }) => {
          const cut: Speech[] = []
          for (let at = 0; at < bytes.length;) {
            const size = Number(sizes.next().value)
            cut.push({ from, bytes: bytes.subarray(at, at + size) })
            at += size
          }
          return cut
        })
        const lengths = (all: readonly Speech[]) =>
          hiddenRecords(hear(all).dialogue.tls!).map(({ direction, least, most }) => [direction, least, most])
        expect(lengths(pieces)).toEqual(lengths(speeches))
        expect(lengths(speeches).map(([, least]) => least)).toEqual(said.map(([, length]) => length))
      }),
      cases(50, 1000),
    )
  })
})
