import { observe, observeCapture, verdictOn } from './observe.js'
import { describe, expect, it } from 'vitest'
import type { CaptureFacts, CaptureRule } from '../../src/diagnose/capture/capture-rule.js'
import { captureDuplicates } from '../../src/diagnose/rules/capture/capture-duplicates.js'
import { captureEndsInside } from '../../src/diagnose/rules/capture/capture-ends-inside.js'
import { captureFilterSuspected } from '../../src/diagnose/rules/capture/capture-filter-suspected.js'
import { captureIncompleteFile } from '../../src/diagnose/rules/capture/capture-incomplete-file.js'
import { captureLoss } from '../../src/diagnose/rules/capture/capture-loss.js'
import { captureOneSided } from '../../src/diagnose/rules/capture/capture-one-sided.js'
import { captureSnapLength } from '../../src/diagnose/rules/capture/capture-snap-length.js'
import { captureStartsInside } from '../../src/diagnose/rules/capture/capture-starts-inside.js'
import type { CaptureFile } from '../../src/capture/capture-file.js'
import { CaptureTally } from '../../src/diagnose/capture/capture-tally.js'
import { type Connection, Direction } from '../../src/tcp/connection.js'
import { ask, dial, pasv, quit } from '../support/ftp-scene.js'
import { atClient } from '../support/places.js'
import { played } from './played.js'
import { SessionBuilder } from './session-builder.js'

const open = () => new SessionBuilder().handshake().login()

describe('capture-one-sided', () => {
  it('takes a client that goes on for proof of the server that is not seen', () => {
    const session = new SessionBuilder().syn(0).ack(0.04).command(0.2, 'USER alice').judged()
    expect(observe(captureOneSided, session)).toHaveLength(1)
  })

  it('does not take an unanswered SYN for a missing direction', () => {
    expect(observe(captureOneSided, new SessionBuilder().syn(0, 1, 3).judged(9))).toEqual([])
  })
})

describe('capture-one-sided, where one direction of the data is missing', () => {
  const oneSided = (change: (connection: Connection) => void) => {
    const session = open().command(1, 'RETR x').reply(1.1, '150 Here.').data(1, 2, 9000, 'completed').judged()
    const connection = session.channels[0]!.connection!
    change(connection)
    session.channels.push({ ...session.channels[0]!, id: 2 })
    return observe(captureOneSided, session)
  }

  it('informs of each connection once, by the best proof that the missing side was there', () => {
    const [found, ...others] = oneSided(() => undefined)
    expect(others).toEqual([])
    expect(found?.severity).toBe('info')
    expect(found?.message).toContain(
      'Of a data connection between 192.168.1.10:52230 and 203.0.113.20:50005 nothing that 192.168.1.10',
    )
    const proof = (change: (connection: Connection) => void) => oneSided(change)[0]?.evidence[0].frame
    const bare = (connection: Connection) => {
      connection.established = null
      connection.flows[1].acknowledged = -1
    }
    expect(
      proof((connection) => {
        bare(connection)
        connection.synAcks.push({ frame: 77, time: 1e9 })
      }),
    ).toBe(77)
    expect(
      proof((connection) => {
        bare(connection)
        connection.flows[1].lastData = { frame: 78, time: 1e9 }
      }),
    ).toBe(78)
    expect(proof(bare)).toBe(found?.evidence[1]?.frame)
  })

  it('takes acknowledged bytes of a client for proof of what it sent', () => {
    const builder = new SessionBuilder({ midstream: true }).reply(1, '226 Done.')
    expect(observe(captureOneSided, builder.judged())).toEqual([])
    builder.control.flows[0].acknowledged = 12
    expect(observe(captureOneSided, builder.judged())[0]?.title).toBe('commands were not captured')
  })
})

describe('capture-loss', () => {
  it('warns where words of the control connection are missing, and informs where data is', () => {
    const control = open().judged()
    control.control.flows[Direction.FromResponder].acknowledgedUnseen = 40
    expect(observe(captureLoss, control)[0]?.severity).toBe('warning')
    const data = open().command(1, 'RETR x').data(1, 2, 9000, 'completed').judged()
    data.channels[0]!.connection!.flows[Direction.FromResponder].acknowledgedUnseen = 1448
    data.channels[0]!.connection!.flows[Direction.FromInitiator].packets = 4
    const [found] = observe(captureLoss, data)
    expect(found?.severity).toBe('info')
    expect(found?.message).toContain('1448 bytes of a data connection')
  })

  it('counts connections and names the direction of what is missing', () => {
    const session = open().command(1, 'STOR x').data(1, 2, 9000, 'completed').data(2, 3, 9000, 'completed').judged()
    for (const { connection } of session.channels) {
      connection!.flows[Direction.FromInitiator].packets = 4
      connection!.flows[Direction.FromInitiator].acknowledgedUnseen = 1448
    }
    const [found] = observe(captureLoss, session)
    expect(found?.message).toContain('2896 bytes of 2 data connections')
    expect(found?.evidence[0].note).toContain(
      '1448 bytes from 192.168.1.10:52230 were acknowledged by 203.0.113.20:50005',
    )
  })

  it('says nothing of a whole session', () => {
    expect(observe(captureLoss, open().judged())).toEqual([])
  })
})

describe('capture-starts-inside and capture-ends-inside', () => {
  it('warns when the login is among what was not captured', () => {
    const session = new SessionBuilder({ midstream: true }).command(1, 'NOOP').reply(1.1, '200 Ok.').judged()
    expect(observe(captureStartsInside, session)[0]?.severity).toBe('warning')
    expect(observe(captureStartsInside, open().judged())).toEqual([])
  })

  it('warns of a transfer whose announcement was before the beginning', () => {
    const builder = new SessionBuilder({ midstream: true }).command(1, 'RETR x').reply(1.1, '150 Opening.')
    builder.data(1, 2, 9000, 'completed').dialogue.login = 'accepted'
    builder.session.channels[0]!.announcement = null
    const [found] = observe(captureStartsInside, builder.judged())
    expect(found?.severity).toBe('warning')
    expect(found?.message).toContain('so is the announcement that RETR relies on')
    expect(found?.evidence.at(-1)?.note).toBe('no announcement of it was captured')
  })

  it('takes a connection without a word of either side for no session', () => {
    const last = new SessionBuilder({ midstream: true }).reset(Direction.FromInitiator, 1)
    expect(observe(captureStartsInside, last.judged())).toEqual([])
    expect(observe(captureEndsInside, new SessionBuilder().handshake().judged())).toEqual([])
  })

  it('warns when an outcome is behind the end, informs when none is due, and says nothing of a closed session', () => {
    const due = open().command(1, 'RETR x').reply(1.1, '150 Opening.').judged()
    expect(observe(captureEndsInside, due)[0]?.severity).toBe('warning')
    expect(observe(captureEndsInside, open().judged())[0]?.severity).toBe('info')
    expect(observe(captureEndsInside, open().fin(Direction.FromInitiator, 2).judged())).toEqual([])
  })

  it('takes a data connection that nothing had used by the end for an open question, neither for success nor for a failure', () => {
    const session = played(atClient(''), (session) => {
      pasv(session, 50_005)
      dial(session, 50_005)
      ask(session, 'TYPE I', '200 Type set.')
    })
    const verdict = verdictOn(session)
    expect(verdict).toMatchObject({ outcome: 'undetermined', cause: 'capture-ends-inside' })
    expect(verdict.sentence).toMatch(/before the data connection to \S+:50005 was used\.$/)
    expect(verdict.transfers).toEqual({ attempted: 0, completed: 0, failed: 0 })

    const left = played(atClient(''), (session) => {
      pasv(session, 50_005)
      dial(session, 50_005).close('client')
      quit(session)
    })
    expect(verdictOn(left).transfers, 'the session went on to its end without it').toMatchObject({ attempted: 1 })
  })
})

describe('capture-filter-suspected', () => {
  const completed = () =>
    open().command(1, 'LIST').reply(1.1, '150 Here.').reply(1.2, '226 Done.').unseenData('completed')

  it('is sure when nothing but control connections was captured', () => {
    const session = completed().judged()
    session.surroundings.otherTraffic = false
    expect(observe(captureFilterSuspected, session)[0]?.confidence).toBe('high')
    session.surroundings.otherTraffic = true
    expect(observe(captureFilterSuspected, session)[0]?.confidence).toBe('medium')
  })

  it('is unsure where nothing says that a transfer was completed, and silent beside other traffic', () => {
    const begun = () => open().command(1, 'LIST').reply(1.1, '150 Here.').unseenData('unknown').judged()
    const session = begun()
    session.surroundings.otherTraffic = false
    const [found] = observe(captureFilterSuspected, session)
    expect(found?.confidence).toBe('low')
    expect(found?.message).toContain('says that 1 transfer with 192.168.1.10 began')
    expect(observe(captureFilterSuspected, begun())).toEqual([])
  })

  it('counts transfers that end in 250, as some servers say', () => {
    const session = completed().command(2, 'LIST').reply(2.1, '250 Done.').unseenData('completed').judged()
    expect(observe(captureFilterSuspected, session)[0]?.message).toContain('says that 2 transfers')
  })

  it('says nothing when another connection between the two hosts is there', () => {
    const session = completed().judged()
    session.surroundings.otherConnectionsBetweenHosts = true
    expect(observe(captureFilterSuspected, session)).toEqual([])
  })

  it('does not take a 425 for a sign of data', () => {
    const session = open().command(1, 'LIST').reply(60, '425 Failed to establish connection.').unseenData('failed')
    expect(observe(captureFilterSuspected, session.judged())).toEqual([])
  })
})

describe('rules on the capture as a whole', () => {
  const file = { path: 'a.pcap', complete: true, snapLength: 262_144, frames: 30, firstFrame: 1, lastFrame: 30 }
  const whole: CaptureFacts = {
    files: [file],
    anomalies: [],
    snappedFrames: { count: 0, firstFrame: null },
    duplicates: { packets: 30, duplicates: 0, firstFrame: null },
  }
  const check = (rule: CaptureRule, facts: Partial<CaptureFacts>) => observeCapture(rule, { ...whole, ...facts })

  it('say nothing of a whole capture', () => {
    for (const rule of [captureIncompleteFile, captureSnapLength, captureDuplicates])
      expect(check(rule, {})).toEqual([])
  })

  it('name the file that is cut off, its last frame, and why', () => {
    const anomaly = {
      kind: 'capture-incomplete-file',
      count: 1,
      firstFrame: 30,
      message: 'a.pcap: record cut at byte 900',
    }
    const [found] = check(captureIncompleteFile, { files: [{ ...file, complete: false }], anomalies: [anomaly] })
    expect(found?.message).toContain('behind frame 30 (record cut at byte 900)')
    expect(found?.evidence[0]?.frame).toBe(30)
  })

  it('warn of a snap length that cuts commands, and inform of one that cuts data only', () => {
    const snappedFrames = { count: 9, firstFrame: 4 }
    const cut = (snapLength: number) => check(captureSnapLength, { files: [{ ...file, snapLength }], snappedFrames })
    expect(cut(96)[0]?.severity).toBe('warning')
    expect(cut(512)[0]?.severity).toBe('info')
  })

  it('do not name a snap length that the file does not tell', () => {
    const snappedFrames = { count: 1, firstFrame: 4 }
    const [found] = check(captureSnapLength, { files: [{ ...file, snapLength: null }], snappedFrames })
    expect(found?.severity).toBe('info')
    expect(found?.message).toBe('1 frame was cut off when captured; mostly data is concerned.')
  })

  it('do not quote the words on another file', () => {
    const message = 'b.pcap: record cut at byte 900'
    const anomaly = { kind: 'capture-incomplete-file', count: 1, firstFrame: 30, message }
    const [found] = check(captureIncompleteFile, { files: [{ ...file, complete: false }], anomalies: [anomaly] })
    expect(found?.message).toContain('a.pcap is cut off or damaged behind frame 30; 30 frames were read')
  })

  it('count frames over all files, of which one may hold none', () => {
    const facts = new CaptureTally().facts(
      [
        { ...file, frames: 3 },
        { ...file, frames: 0 },
        { ...file, frames: 2 },
      ] as unknown as CaptureFile[],
      [],
      { count: 0, firstFrame: null },
    )
    expect(facts.files.map(({ firstFrame, lastFrame }) => [firstFrame, lastFrame])).toEqual([
      [1, 3],
      [null, null],
      [4, 5],
    ])
  })

  it('do not take two copies among many packets for a mirror port', () => {
    const duplicates = (count: number) => ({ duplicates: { packets: 30, duplicates: count, firstFrame: 2 } })
    expect(check(captureDuplicates, duplicates(2))).toEqual([])
    expect(check(captureDuplicates, duplicates(30))).toHaveLength(1)
  })
})
