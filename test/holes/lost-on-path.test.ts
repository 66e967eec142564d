/** What findings say of missing bytes, by where they were lost. */
import { describe, expect, it } from 'vitest'
import type { SessionReport } from '../../src/index.js'
import { analyzed } from '../property/essence.js'
import { command, dial, type FtpSession, login, pasv, quit, reply } from '../support/ftp-scene.js'
import { atClient, atServer, openControl, type Place } from '../support/places.js'

const LOST = { captured: false, delivered: false }
const SEGMENT = 1448
/** Receivers that repeat their acknowledgments only, without SACK. */
const PLAIN = { clientLook: { sackPermitted: false }, serverLook: { sackPermitted: false } }

function judged(place: Place, play: (session: FtpSession) => void): SessionReport {
  play(openControl(place))
  return analyzed(place.scene.toPcap()).sessions[0]!
}

const finding = ({ findings }: SessionReport, id: string) => findings.find((each) => each.id === id)

/** A download of 24 KB, of which the third segment has this fate. */
function download(place: Place, third: (data: ReturnType<typeof dial>) => void): SessionReport {
  return judged(place, (session) => {
    login(session)
    pasv(session, 50_005)
    const data = dial(session, 50_005)
    command(session, 'RETR report.bin')
    reply(session, session.dialect.opening('report.bin', 16 * SEGMENT))
    data.server(2 * SEGMENT)
    third(data)
    data.close('server')
    reply(session, session.dialect.complete)
    quit(session)
  })
}

describe('What the capture alone lost', () => {
  it('is the loss of the capture: the receiver never asked', () => {
    const session = download(atClient('', PLAIN), (data) => {
      data.server(SEGMENT, { captured: false }).server(13 * SEGMENT)
    })
    expect(finding(session, 'capture-loss')).toMatchObject({
      confidence: 'high',
      facts: { kind: 'lost-packets', dataBytes: SEGMENT, againBytes: 0 },
    })
    expect(finding(session, 'capture-loss')!.message).toContain('the capture dropped packets, not the network')
    expect(session.verdict.outcome).toBe('ok')
  })
})

describe('What was lost on the path', () => {
  it('and by the capture when it came again: not only the capture lost packets', () => {
    const session = download(atClient('', PLAIN), (data) => {
      data.server(SEGMENT, LOST).server(13 * SEGMENT)
      data.retransmit('server', 1, { skip: 13, captured: false, think: 200 })
    })
    const { message, facts } = finding(session, 'capture-loss')!
    expect(facts).toMatchObject({ kind: 'lost-packets', dataBytes: SEGMENT, againBytes: SEGMENT })
    expect(message).toContain('which had asked for 1448 bytes of them again')
    expect(message).not.toContain('not the network')
  })

  it('and asked for in vain: the transfer stalled on the path, and the sender did not fall silent', () => {
    const session = judged(atClient('', PLAIN), (control) => {
      login(control)
      pasv(control, 50_005)
      const data = dial(control, 50_005)
      command(control, 'RETR report.bin')
      reply(control, control.dialect.opening('report.bin', 16 * SEGMENT))
      data
        .server(2 * SEGMENT)
        .server(SEGMENT, LOST)
        .server(5 * SEGMENT)
      control.scene.wait(60_000)
      reply(control, '426 Failure writing network stream.')
      quit(control)
    })
    expect(finding(session, 'transfer-stalled')).toMatchObject({
      side: 'path',
      facts: { kind: 'lost', lost: { offset: 2 * SEGMENT, bytes: SEGMENT, asked: 5 } },
    })
    expect(finding(session, 'capture-loss')).toBeUndefined()
  })

  it('of the replies: the client went on without the reply, so it is certain that it never arrived', () => {
    const session = judged(atClient(''), (control) => {
      login(control)
      command(control, 'SYST')
      control.control.server('215 UNIX Type: L8\r\n', LOST)
      control.scene.wait(10_000)
      control.control.keepAlive('client')
      control.scene.wait(10_000)
      control.control.fin('client')
    })
    expect(finding(session, 'command-unanswered')).toMatchObject({
      side: 'path',
      confidence: 'high',
      title: 'reply did not arrive',
      facts: { kind: 'reply-lost', bytes: 19, certain: true },
    })
    expect(finding(session, 'capture-loss')).toBeUndefined()
    expect(session.verdict).toMatchObject({ outcome: 'failed', cause: 'command-unanswered' })
  })

  it('of the greeting: the server sent one', () => {
    const session = judged(atClient(''), ({ control, scene }) => {
      control.server('220 Ready\r\n', LOST)
      scene.wait(10_000)
      control.keepAlive('client')
      scene.wait(10_000)
      control.fin('client')
    })
    expect(finding(session, 'greeting-missing')).toMatchObject({
      side: 'path',
      confidence: 'high',
      facts: { kind: 'lost', bytes: 11 },
    })
    expect(finding(session, 'greeting-missing')!.message).not.toContain('sent no greeting')
  })

  it('of the commands: they were lost between the client and the observation point', () => {
    const session = judged(atServer(''), (control) => {
      login(control)
      control.control.client('NOOP\r\n', LOST).client('SYST\r\n')
      control.scene.wait(60_000)
      reply(control, '421 Timeout.')
      control.control.close('server')
    })
    const found = finding(session, 'packet-loss')!
    expect(found).toMatchObject({ facts: { kind: 'never-came', sender: '198.51.100.7', bytes: 6 } })
    expect(found.message).toContain('between 198.51.100.7 and the observation point')
    expect(finding(session, 'capture-loss')).toBeUndefined()
  })
})

describe('Packets that are sent again', () => {
  /** Of 60 segments each third is sent twice. */
  function repeated(play: (data: ReturnType<typeof dial>) => void): SessionReport {
    return download(atServer(''), (data) => {
      for (let third = 0; third < 20; third++) {
        play(data)
        data.server(2 * SEGMENT)
      }
    })
  }

  it('after they were captured were lost after the observation point', () => {
    const session = repeated((data) => {
      data.server(SEGMENT, { delivered: false }).retransmit('server', 1, { think: 240 })
    })
    expect(finding(session, 'packet-loss')).toMatchObject({ facts: { retransmissions: 20, after: 20, before: 0 } })
    expect(finding(session, 'packet-loss')!.message).toContain('between the observation point and 198.51.100.7')
  })

  it('and were not captured before were lost before it', () => {
    const session = repeated((data) => {
      data.server(SEGMENT, LOST).server(SEGMENT).retransmit('server', 1, { skip: 1, think: 240 })
    })
    expect(finding(session, 'packet-loss')).toMatchObject({ facts: { retransmissions: 20, after: 0, before: 20 } })
    expect(finding(session, 'packet-loss')!.message).toContain('between 203.0.113.20 and the observation point')
  })

  it('although the receiver reports to have them twice were not lost', () => {
    const session = repeated((data) => {
      const { next } = data.end('server')
      data.server(SEGMENT).retransmit('server', 1, { think: 240, ack: false })
      const at = (offset: number) => data.end('server').sequenceAt(offset)
      data.raw({ from: 'client', options: { sack: [[at(next), at(next + SEGMENT)]] } })
    })
    expect(session.dataChannels[0]!.connection!.retransmissions).toBe(20)
    expect(finding(session, 'packet-loss')).toBeUndefined()
  })
})
