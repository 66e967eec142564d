import { describe, expect, it } from 'vitest'
import type { CaptureFacts, CaptureRule } from '../../src/diagnose/capture-rule.js'
import { captureDuplicates } from '../../src/diagnose/rules/capture-duplicates.js'
import { captureEndsInside } from '../../src/diagnose/rules/capture-ends-inside.js'
import { captureFilterSuspected } from '../../src/diagnose/rules/capture-filter-suspected.js'
import { captureIncompleteFile } from '../../src/diagnose/rules/capture-incomplete-file.js'
import { captureLoss } from '../../src/diagnose/rules/capture-loss.js'
import { captureOneSided } from '../../src/diagnose/rules/capture-one-sided.js'
import { captureSnapLength } from '../../src/diagnose/rules/capture-snap-length.js'
import { captureStartsInside } from '../../src/diagnose/rules/capture-starts-inside.js'
import { Direction } from '../../src/tcp/connection.js'
import { observe, SessionBuilder } from './session-builder.js'

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

describe('capture-loss', () => {
  it('warns where words of the control connection are missing, and informs where data is', () => {
    const control = open().judged()
    control.control.flows[Direction.FromServer].acknowledgedUnseen = 40
    expect(observe(captureLoss, control)[0]?.severity).toBe('warning')
    const data = open().command(1, 'RETR x').data(1, 2, 9000, 'completed').judged()
    data.channels[0]!.connection!.flows[Direction.FromServer].acknowledgedUnseen = 1448
    data.channels[0]!.connection!.flows[Direction.FromClient].packets = 4
    const [found] = observe(captureLoss, data)
    expect(found?.severity).toBe('info')
    expect(found?.message).toContain('1448 bytes of a data connection')
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

  it('warns when an outcome is behind the end, informs when none is due, and says nothing of a closed session', () => {
    const due = open().command(1, 'RETR x').reply(1.1, '150 Opening.').judged()
    expect(observe(captureEndsInside, due)[0]?.severity).toBe('warning')
    expect(observe(captureEndsInside, open().judged())[0]?.severity).toBe('info')
    expect(observe(captureEndsInside, open().fin(Direction.FromClient, 2).judged())).toEqual([])
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
  const check = (rule: CaptureRule, facts: Partial<CaptureFacts>) => [...rule.check({ ...whole, ...facts })]

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
    expect(found?.evidence[0].frame).toBe(30)
  })

  it('warn of a snap length that cuts commands, and inform of one that cuts data only', () => {
    const snappedFrames = { count: 9, firstFrame: 4 }
    const cut = (snapLength: number) => check(captureSnapLength, { files: [{ ...file, snapLength }], snappedFrames })
    expect(cut(96)[0]?.severity).toBe('warning')
    expect(cut(512)[0]?.severity).toBe('info')
  })

  it('do not take two copies among many packets for a mirror port', () => {
    const duplicates = (count: number) => ({ duplicates: { packets: 30, duplicates: count, firstFrame: 2 } })
    expect(check(captureDuplicates, duplicates(2))).toEqual([])
    expect(check(captureDuplicates, duplicates(30))).toHaveLength(1)
  })
})
