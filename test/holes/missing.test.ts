/** What one missing packet means, by who else knows of it. */
import { describe, expect, it } from 'vitest'
import type { SessionReport } from '../../src/index.js'
import { type Capture, type Packet, readPcap, writePcap } from '../lab/derive/pcap.js'
import { snap } from '../lab/derive/transform.js'
import { analyzed } from '../property/essence.js'
import { ask, command, dialInVain, login, pasv, quit, reply, retrieve } from '../support/ftp-scene.js'
import { toPcap } from '../support/pcap-writer.js'
import { atClient, openControl } from '../support/places.js'

type Session = ReturnType<typeof openControl>

function played(play: (session: Session) => void): Capture {
  const place = atClient('')
  const session = openControl(place)
  play(session)
  return readPcap(toPcap(place.scene.packets, { start: place.scene.start }))
}

const says = ({ data }: Packet, words: string): boolean => new TextDecoder('latin1').decode(data).includes(words)

/** Without the packets that contain these words. */
function without(capture: Capture, ...words: string[]): Capture {
  const packets = capture.packets.filter((packet) => !words.some((each) => says(packet, each)))
  expect(packets.length).toBeLessThan(capture.packets.length)
  return { ...capture, packets }
}

function judged(capture: Capture): SessionReport {
  const [session] = analyzed(writePcap(capture)).sessions
  return session!
}

const ids = ({ findings }: SessionReport): string[] => findings.map(({ id }) => id)

const download = played((session) => {
  login(session)
  retrieve(session, { path: 'big.bin', port: 50_001, data: 9000 })
  quit(session)
})

describe('a reply that the client acknowledged and the capture lacks', () => {
  it('226: the transfer neither stalled nor went unconfirmed', () => {
    const session = judged(without(download, '226 '))
    expect(ids(session)).toContain('capture-loss')
    expect(ids(session)).not.toContain('transfer-stalled')
    expect(ids(session)).not.toContain('transfer-unconfirmed')
    expect(ids(session)).not.toContain('command-unanswered')
    expect(session.verdict).toMatchObject({ outcome: 'undetermined', cause: 'capture-loss' })
  })

  it('227: the data connection that follows is the announced one', () => {
    const session = judged(without(download, '227 '))
    expect(session.dataChannels).toMatchObject([{ verb: 'PASV', state: 'established', match: 'none' }])
    expect(session.verdict).toMatchObject({ outcome: 'ok', confidence: 'medium' })
  })

  it('230: what needs a login shows it', () => {
    expect(judged(without(download, '230 '))).toMatchObject({ login: 'accepted', verdict: { outcome: 'ok' } })
  })
})

describe('a command that the capture lacks', () => {
  it('PASS: 530 without it rejects the login', () => {
    const capture = played((session) => {
      reply(session, session.dialect.greeting)
      ask(session, 'USER alice', '331 Please specify the password.')
      ask(session, 'PASS wrong', '530 Login incorrect.')
      quit(session)
    })
    const session = judged(without(capture, 'PASS '))
    expect(session.login).toBe('rejected')
    expect(session.verdict.outcome).not.toBe('ok')
    expect(ids(session)).not.toContain('login-incomplete')
  })

  it('PASS and its reply, with nothing after them: the login is unknown, and so is the outcome', () => {
    const capture = played((session) => {
      login(session)
      quit(session)
    })
    const session = judged(without(capture, 'PASS ', '230 '))
    expect(session).toMatchObject({ login: 'unknown', verdict: { outcome: 'undetermined', cause: 'capture-loss' } })
  })
})

it('A reply that only the numbers of the server show, and that the client never acknowledged, was lost', () => {
  const place = atClient('')
  const session = openControl(place)
  login(session)
  command(session, 'SYST')
  place.scene.wait(50)
  session.control.server('215 UNIX Type: L8\r\n')
  place.scene.wait(20_000)
  session.control.close('client')
  const capture = readPcap(toPcap(place.scene.packets, { start: place.scene.start }))
  const lost = capture.packets.findIndex((packet) => says(packet, '215 '))
  const client = capture.packets[0]!.data.subarray(26, 30).join('.')
  // The client acknowledges nothing of it.
  const packets = capture.packets.flatMap((packet, index) => {
    const fromClient = packet.data.subarray(26, 30).join('.') === client
    if (index === lost || index === capture.packets.length - 1) return []
    if (index < lost || !fromClient) return [packet]
    const data = Uint8Array.from(packet.data)
    const view = new DataView(data.buffer)
    view.setUint32(42, view.getUint32(42) - 19)
    return [{ ...packet, data }]
  })
  const found = judged({ ...capture, packets }).findings.find(({ id }) => id === 'command-unanswered')
  expect(found).toMatchObject({ side: 'path', title: 'reply did not arrive' })
})

describe('a snapped capture', () => {
  const failing = played((session) => {
    login(session)
    pasv(session, 50_001)
    dialInVain(session, 50_001, { attempts: 4 })
    quit(session)
  })

  it.each([68, 80, 90, 96, 104])('of %i bytes counts SYNs that nothing answers', (length) => {
    const session = judged(snap(failing, length))
    expect(session.verdict.outcome).not.toBe('ok')
    expect(ids(session)).toContain('capture-snap-length')
    if (length >= 80) expect(session.verdict).toMatchObject({ outcome: 'failed', cause: 'passive-port-unanswered' })
  })

  it('marks the lines of which it has only the beginning', () => {
    const { exchanges } = judged(snap(download, 80))
    expect(exchanges.find(({ command }) => command === 'PASV')).toMatchObject({ replies: [{ code: 227, cut: true }] })
    expect(exchanges.find(({ command }) => command === 'QUIT')).not.toHaveProperty('cut')
  })
})
