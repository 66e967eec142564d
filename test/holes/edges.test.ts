/** What the place where a capture ends says of a verdict, and what a capture shows of a reply that did not arrive. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { SessionReport } from '../../src/index.js'
import { type Capture, readPcap, writePcap } from '../lab/derive/pcap.js'
import { snap } from '../lab/derive/transform.js'
import { analyzed } from '../property/essence.js'
import { sampleCaptures } from '../support/captures.js'
import { ask, login, pasv, quit, retrieve } from '../support/ftp-scene.js'
import { toPcap } from '../support/pcap-writer.js'
import { atClient, openControl } from '../support/places.js'

type Session = ReturnType<typeof openControl>

function played(play: (session: Session) => void): Capture {
  const place = atClient('')
  const session = openControl(place)
  login(session)
  play(session)
  return readPcap(toPcap(place.scene.packets, { start: place.scene.start }))
}

const says = (capture: Capture, words: string): number =>
  capture.packets.findIndex(({ data }) => new TextDecoder('latin1').decode(data).includes(words))

const upTo = (capture: Capture, words: string): Capture => ({
  ...capture,
  packets: capture.packets.slice(0, says(capture, words) + 1),
})

const without = (capture: Capture, words: string): Capture => ({
  ...capture,
  packets: capture.packets.filter((_, index) => index !== says(capture, words)),
})

function judged(capture: Capture): SessionReport {
  return analyzed(writePcap(capture)).sessions[0]!
}

const download = played((session) => {
  retrieve(session, { path: 'big.bin', port: 50_001, data: 9000 })
  quit(session)
})

describe('A capture that ends before QUIT', () => {
  it('after 226, with the data: the session worked for certain', () => {
    expect(judged(upTo(download, '226 ')).verdict).toMatchObject({ outcome: 'ok', confidence: 'high' })
  })

  it('after the 227 of another transfer: what follows may fail', () => {
    const more = played((session) => {
      retrieve(session, { path: 'big.bin', port: 50_001, data: 9000 })
      pasv(session, 50_002)
    })
    expect(judged(more).verdict).toMatchObject({ outcome: 'ok', confidence: 'medium' })
  })

  it('after 150: it is certain that the capture ends inside', () => {
    expect(judged(upTo(download, '150 ')).verdict).toMatchObject({
      outcome: 'undetermined',
      cause: 'capture-ends-inside',
      confidence: 'high',
    })
  })

  it.each(['EPSV', 'PASV'])('after a refused %s: the client may try another way', (verb) => {
    const refused = played((session) => {
      ask(session, verb, '550 Permission denied.')
    })
    expect(judged(refused).verdict).toMatchObject({ outcome: 'failed', confidence: 'medium' })
  })
})

it('A RST acknowledges what its sender has received: the FIN after the data, where the capture lacks it', () => {
  const path = sampleCaptures().find((each) => each.endsWith('made/passive-port-refused--silent.pcap'))!
  const capture = readPcap(new Uint8Array(readFileSync(path)))
  const packets = capture.packets.filter((_, index) => index !== 16 && index !== 17)
  expect(judged({ ...capture, packets }).verdict.outcome).not.toBe('failed')
})

describe('What the capture lacks of the dialogue', () => {
  const refused = played((session) => {
    pasv(session, 50_001)
    ask(session, 'RETR missing', '550 Failed to open file.')
    quit(session)
  })

  it.each(['550 ', 'RETR '])('%s: no port that was never used', (words) => {
    const { verdict, findings } = judged(without(refused, words))
    expect(verdict).toMatchObject({ outcome: 'undetermined', cause: 'capture-loss' })
    expect(findings.map(({ id }) => id)).not.toContain('passive-not-attempted')
  })

  it.each([72, 80])('the type of a transfer, cut after %i bytes: no damage of ASCII mode', (length) => {
    expect(judged(snap(download, length)).findings.map(({ id }) => id)).not.toContain('ascii-mode-damage')
  })
})

it('A confirmation that the server repeats in vain did not arrive', () => {
  const whole = upTo(download, '226 ')
  const last = whole.packets.at(-1)!
  const again = [0.3, 0.9, 2.1, 4.5].map((seconds) => ({ ...last, time: last.time + BigInt(seconds * 1e9) }))
  const { verdict, findings } = judged({ ...whole, packets: [...whole.packets, ...again] })
  expect(verdict).toMatchObject({ outcome: 'degraded', cause: 'transfer-unconfirmed', confidence: 'high' })
  expect(findings.find(({ id }) => id === 'transfer-unconfirmed')!.side).toBe('path')
})
