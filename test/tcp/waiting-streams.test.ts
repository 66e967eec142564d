import { describe, expect, it } from 'vitest'
import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { WaitingStreams } from '../../src/tcp/waiting-streams.js'

const MEBIBYTE = 1 << 20

function waiting() {
  const anomalies = new AnomalyLog()
  const streams = new WaitingStreams(anomalies)
  const gaveUp: string[] = []
  const stream = (name: string) => ({
    giveUp: (frame: number) => {
      gaveUp.push(`${name} in frame ${frame}`)
    },
  })
  return { anomalies, streams, gaveUp, stream }
}

describe('Connections that hold bytes back', () => {
  it('are left alone up to 32 MiB in all', () => {
    const { anomalies, streams, gaveUp, stream } = waiting()
    for (let i = 0; i < 32; i++) streams.hold(stream(`${i}`), MEBIBYTE, i, 0)
    expect(gaveUp).toEqual([])
    expect(anomalies.list()).toEqual([])
  })

  it('give way beyond it, the one first that began to wait first, and that is reported', () => {
    const { anomalies, streams, gaveUp, stream } = waiting()
    const [first, second, third] = [stream('first'), stream('second'), stream('third')]
    streams.hold(first, 1000, 1, 0)
    streams.hold(second, 20 * MEBIBYTE, 2, 0)
    streams.hold(first, 2000, 3, 0)
    streams.hold(third, 13 * MEBIBYTE, 4, 0)
    expect(gaveUp).toEqual(['first in frame 4', 'second in frame 4'])
    expect(anomalies.list()).toMatchObject([{ kind: 'tcp-waiting-full', count: 2, firstFrame: 4 }])
    // What the two held no longer counts.
    streams.hold(stream('fourth'), 19 * MEBIBYTE, 5, 0)
    expect(gaveUp).toHaveLength(2)
  })

  it('no longer count when they have handed on what they held', () => {
    const { streams, gaveUp, stream } = waiting()
    const gone = stream('gone')
    streams.hold(gone, 30 * MEBIBYTE, 1, 0)
    streams.hold(gone, 0, 2, 0)
    streams.hold(stream('next'), 30 * MEBIBYTE, 3, 0)
    expect(gaveUp).toEqual([])
  })
})
