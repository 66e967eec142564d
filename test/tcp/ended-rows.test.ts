import { describe, expect, it } from 'vitest'
import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { Attention } from '../../src/tcp/attention.js'
import type { Connection } from '../../src/tcp/connection.js'
import { ConnectionRegistry } from '../../src/tcp/connection-registry.js'
import { ConnectionTracker } from '../../src/tcp/connection-tracker.js'
import { PacketDecoder } from '../../src/wire/decode.js'
import { framesOf } from '../support/pcap-walk.js'
import { Scene } from '../support/scene.js'
import { Flag } from '../support/scene-packet.js'

describe('A SYN,ACK on the ports of a connection that was read and is over', () => {
  it('begins one that may be ignored', () => {
    const scene = new Scene()
    const control = scene.connect(scene.host('192.168.1.10'), 50_000, scene.host('203.0.113.20'), 21)
    control.server('220 hello\r\n').client('QUIT\r\n').close('client')
    scene.wait(90_000)
    const far = { sequence: 3_000_000_000, acknowledgment: 2_000_000_000 }
    control.raw({ from: 'server', flags: Flag.Syn | Flag.Ack, ...far })
    const anomalies = new AnomalyLog()
    const registry = new ConnectionRegistry(100, anomalies)
    const opened: Attention[] = []
    const tracker = new ConnectionTracker(
      registry,
      {
        opened: () => {
          opened.push(opened.length === 0 ? Attention.Read : Attention.Ignored)
          return opened.at(-1)!
        },
        recognise: () => Attention.Ignored,
        followed: () => ({ data: () => undefined, gap: () => undefined }),
        closed: (connection: Connection) => {
          registry.release(connection)
        },
        finished: () => undefined,
      },
      anomalies,
      { responderPorts: new Set([21]), initiatorPorts: new Set([20]) },
    )
    const decoder = new PacketDecoder(anomalies)
    for (const frame of framesOf(scene.toPcap())) {
      decoder.decode(frame)
      tracker.segment(decoder.packet)
    }
    tracker.end()
    expect(opened).toEqual([Attention.Read, Attention.Ignored])
  })
})
