import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cases, check } from '../property/check.js'
import { hear, latin1, script, type Speech } from './talk.js'

/** Pieces of real and hostile dialogues, by side. */
const CLIENT = [
  'USER anonymous\r\n',
  'PASS lftp@\r\n',
  'port 192,0,2,5,24,131\n',
  'EPRT |2|2001:db8::1|5282|\r\n',
  'PASV\r\n',
  'EPSV ALL\r\n',
  'RETR f\r\n',
  'LIST -la\r\n',
  '\xff\xf4\xff\xf2ABOR\r\n',
  'SIZE f\r\n',
  'TYPE I\r\n',
  'AUTH TLS\r\n',
  '\x16\x03\x01\0\x05\x01\n\r\n\0',
  '\x17\x03\x03\0\x04abc\n',
  '\x80\x2e\x01\x03\x01',
  'NOOP\r\0\r\r\n',
  '\x16text\r\n',
  '\xff',
  '\r\n',
]
const SERVER = [
  '220 (vsFTPd 3.0.3)\r\n',
  '220-hello\r\n',
  ' text\r\n',
  '331 password\r\n',
  '230 in\r\n',
  '200 ok\n',
  '227 Entering Passive Mode (192,0,2,9,195,80).\r\n',
  '229 ok (|||6446|)\r\n',
  '150 Opening BINARY mode data connection (69 bytes).\r\n',
  '226 done\r\n',
  '213 69\r\n',
  '234 go\r\n',
  '\x16\x03\x03\0\x04\x02\r\n2',
  '\x15\x03\x03\0\x02\x02\x28',
  '\x17\x03\x03\0\x29' + '\n'.repeat(41),
  '421 bye\r\n',
  '99 odd\r\n',
  '\xff\xfb\x01',
  '220',
  'J\0\0\0\n8.0.36\0',
]

const speech = fc.oneof(
  fc.constantFrom(...CLIENT).map((text): Speech => ({ from: 'client', bytes: latin1(text) })),
  fc.constantFrom(...SERVER).map((text): Speech => ({ from: 'server', bytes: latin1(text) })),
  fc.record({ from: fc.constantFrom('client' as const, 'server' as const), bytes: fc.uint8Array({ maxLength: 12 }) }),
)

/** The same bytes in other segments: each speech is split at random positions. */
function cut(speeches: Speech[], next: () => number): Speech[] {
  return speeches.flatMap(({ from, bytes }) => {
    const pieces: Speech[] = []
    for (let at = 0; at < bytes.length;) {
      const length = 1 + (next() % 7)
      pieces.push({ from, bytes: bytes.subarray(at, at + length) })
      at += length
    }
    return pieces
  })
}

/** All in one frame, so that only the bytes matter. */
const dialogueOf = (speeches: Speech[]) => {
  const { dialogue, announced, anomalies } = hear(speeches, { frame: () => 1 })
  return { dialogue, announced, anomalies: anomalies.list() }
}

describe('any split of the bytes', () => {
  it('gives the same dialogue', () => {
    check(
      fc.property(fc.array(speech, { maxLength: 30 }), fc.infiniteStream(fc.nat({ max: 100 })), (speeches, stream) => {
        const next = () => stream.next().value as number
        expect(dialogueOf(cut(speeches, next))).toEqual(dialogueOf(speeches))
      }),
      cases(30, 300),
    )
  })

  it('gives the same dialogue byte by byte for a real session', () => {
    const speeches = script(`
      S: 220-Welcome
      S: 220 ProFTPD 1.3.8 Server
      C: USER anonymous
      S: 331 Anonymous login ok
      C: PASS curl@
      S: 230 in
      C: EPSV
      S: 229 Entering Extended Passive Mode (|||50005|)
      C: SIZE f
      S: 213 69
      C: RETR f
      S: 150 Opening ASCII mode data connection for f (69 bytes)
      S: 226 Transfer complete
      C: QUIT
      S: 221 Goodbye.`)
    expect(dialogueOf(cut(speeches, () => 0))).toEqual(dialogueOf(speeches))
    expect(dialogueOf(speeches).dialogue.transfers).toMatchObject([
      { announcement: { port: 50_005 }, expectedBytes: 69 },
    ])
  })
})

describe('hostile bytes', () => {
  it('never throw, with gaps anywhere, and keep every value in range', () => {
    const gap = fc.record({ gap: fc.constantFrom('client' as const, 'server' as const), length: fc.nat({ max: 3000 }) })
    check(
      fc.property(fc.array(fc.oneof({ arbitrary: speech, weight: 6 }, gap), { maxLength: 40 }), (parts) => {
        const { dialogue, announced } = hear(parts)
        for (const { port } of announced) {
          expect(port).toBeGreaterThanOrEqual(1)
          expect(port).toBeLessThanOrEqual(65_535)
        }
        for (const { replies } of dialogue.exchanges) {
          for (const { code } of replies) {
            expect(code).toBeGreaterThanOrEqual(100)
            expect(code).toBeLessThan(700)
          }
        }
        for (const { announcement } of dialogue.transfers) {
          if (announcement) expect(dialogue.announcements).toContain(announcement)
        }
      }),
      cases(50, 500),
    )
  })
})
