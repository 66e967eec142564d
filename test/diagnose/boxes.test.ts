import { observe } from './observe.js'
import { describe, expect, it } from 'vitest'
import { loadBalancerSplit } from '../../src/diagnose/rules/passive/load-balancer-split.js'
import { command, dialInVain, pasv, quit, reply, retrieve, type FtpSession } from '../support/ftp-scene.js'
import type { HostOptions } from '../support/host.js'
import { atClient } from '../support/places.js'
import { leave, observed, played } from './played.js'

describe('load-balancer-split', () => {
  /** Another machine takes the data connection, and the server of the control connection says 425. */
  const split = (look: HostOptions, then: (session: FtpSession) => void = leave, timestamp?: number) => {
    const session = played(atClient(''), (control) => {
      pasv(control, 50_005)
      const other = control.scene.host(control.server.address, { hopLimit: 57, distance: 10, ...look })
      const data = control.scene.connect(control.client, control.nextPort++, other, 50_005)
      command(control, 'RETR report.bin')
      control.scene.wait(30_000)
      data.reset('server')
      reply(control, '425 Failed to establish connection.')
      then(control)
    })
    const [usual, seen] = [session.control.flows[1], session.channels[0]!.connection!.flows[1]]
    if (usual.timestampValue >= 0 && seen.timestampValue >= 0)
      seen.timestampValue = timestamp ?? usual.timestampValue + 40
    return observe(loadBalancerSplit, session)
  }

  it.each([
    ['TTL', { hopLimit: 121 }, 'TTL 121 instead of 57'],
    ['MSS', { maximumSegmentSize: 1380 }, 'MSS 1380 instead of 1460'],
    ['window scale', { windowScale: 8 }, 'window scale 8 instead of 7'],
    ['timestamps', { timestamps: false }, 'timestamps used by one and not by the other'],
  ])('knows another machine by its %s, and is surer with two differences', (_, look, words) => {
    const [found] = split(look)
    expect(found?.confidence).toBe('medium')
    expect(found?.message).toContain(words)
    expect(found?.evidence.map(({ note }) => note).join()).toMatch(/SYN,ACK from .*RST from .*425/)
    expect(split({ ...look, hopLimit: 121, windowScale: 9 })[0]?.confidence).toBe('high')
  })

  it('takes another timestamp clock only as support of another difference', () => {
    expect(split({ hopLimit: 121 }, leave, 5)[0]?.message).toContain('another timestamp clock')
    expect(split({}, leave, 5)).toEqual([])
    expect(split({ hopLimit: 121 }, leave)[0]?.message).not.toContain('clock')
  })

  it('does not compare clocks where a SYN,ACK is not kept', () => {
    const session = played(atClient(''), (control) => {
      pasv(control, 50_005)
      const other = control.scene.host(control.server.address, { hopLimit: 121, distance: 10 })
      const data = control.scene.connect(control.client, control.nextPort++, other, 50_005)
      command(control, 'RETR a')
      data.reset('server')
      reply(control, '425 Failed to establish connection.')
      leave(control)
    })
    session.control.synAcks = []
    expect(observe(loadBalancerSplit, session)[0]?.message).not.toContain('clock')
  })

  it('warns only where the same file came later, and knows a refusal by its distance', () => {
    const later = (control: FtpSession) => {
      retrieve(control, { port: 50_006 })
      quit(control)
    }
    expect(split({ hopLimit: 121 }, later)[0]?.severity).toBe('warning')
    const [refused] = observed(loadBalancerSplit, atClient(''), (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005, { answer: { rst: { hopLimit: 121 } } })
      leave(session)
    })
    expect(refused?.rivals).toEqual(['passive-port-refused'])
    expect(refused?.evidence.map(({ note }) => note).join()).not.toContain('SYN,ACK')
  })
})
