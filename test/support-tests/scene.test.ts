import { describe, expect, it } from 'vitest'
import { Scene } from '../support/scene.js'
import { Flag } from '../support/scene-packet.js'
import { healthyScene } from './healthy-scene.js'

describe('Scene', () => {
  it('makes the same bytes each time', () => {
    expect(healthyScene().toPcapng({ nanosecond: true })).toEqual(healthyScene().toPcapng({ nanosecond: true }))
  })

  it('stamps packets in order', () => {
    const times = healthyScene().packets.map((packet) => packet.time)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  it('repeats an unanswered SYN after 1 and 3 seconds from the same port with the same sequence number', () => {
    const scene = new Scene()
    scene.syn(scene.host('192.168.1.10'), 52_229, scene.host('10.0.0.21', { hopLimit: 57 }), 50_005)
    expect(scene.packets.map((packet) => Math.round(packet.time / 1e8))).toEqual([0, 10, 30])
    expect(new Set(scene.packets.map((packet) => `${packet.tcp?.sourcePort}/${packet.tcp?.sequence}`)).size).toBe(1)
  })

  it('shows the round trip between SYN and SYN,ACK at the client and between SYN,ACK and ACK at the server', () => {
    const gaps = (capturedAt: 'client' | 'server') => {
      const scene = new Scene()
      scene.connect(scene.host('192.168.1.10'), 52_228, scene.host('203.0.113.20'), 21, { rtt: 30, capturedAt })
      const [syn, synAck, ack] = scene.packets.map((packet) => packet.time / 1e6)
      return [synAck! - syn!, ack! - synAck!].map(Math.round)
    }
    expect(gaps('client')).toEqual([30, 0])
    expect(gaps('server')).toEqual([0, 30])
  })

  it('moves the stream on over data that the capture missed', () => {
    const scene = new Scene()
    const control = scene.connect(scene.host('192.168.1.10'), 52_228, scene.host('203.0.113.20'), 21)
    control.lost('server', 'gone').server('seen')
    const [first, last] = scene.packets.filter((packet) => packet.tcp?.sourcePort === 21)
    expect(last!.tcp!.sequence - first!.tcp!.sequence).toBe(5)
  })

  it('acknowledges on its own what is answered later than a delayed acknowledgment waits', () => {
    const scene = new Scene()
    const control = scene.connect(scene.host('192.168.1.10'), 52_228, scene.host('192.168.1.20'), 21)
    control.client('CWD archive\r\n').server('250 OK\r\n', { think: 5000 })
    const [, acknowledgment, answer] = scene.packets.slice(3)
    expect(acknowledgment!.payload.length).toBe(0)
    expect(acknowledgment!.tcp!.sequence).toBe(answer!.tcp!.sequence)
    expect(answer!.time - acknowledgment!.time).toBeGreaterThan(4.9e9)
  })

  it('sends unacknowledged data again with doubling delays', () => {
    const scene = new Scene()
    const control = scene.connect(scene.host('192.168.1.10'), 52_228, scene.host('192.168.1.20'), 21)
    control.unacknowledged('server', '226 Transfer complete.\r\n', { attempts: 4 })
    const times = scene.packets.filter((packet) => packet.payload.length > 0).map((packet) => packet.time)
    const delays = times.slice(1).map((time, index) => Math.round((time - times[index]!) / 1e8))
    expect(delays).toEqual([2, 4, 8])
  })

  it('resets with the look of whoever is said to have done it', () => {
    const scene = new Scene()
    const control = scene.connect(scene.host('192.168.1.10'), 52_228, scene.host('203.0.113.20', { hopLimit: 57 }), 21)
    control.reset('server', { hopLimit: 61, identification: 0, window: 512 })
    const last = scene.packets.at(-1)!
    expect(last).toMatchObject({ hopLimit: 61, identification: 0, source: '203.0.113.20' })
    expect(last.tcp).toMatchObject({ flags: Flag.Rst | Flag.Ack, window: 512 })
  })
})
