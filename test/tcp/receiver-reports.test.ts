import { describe, expect, it } from 'vitest'
import type { Flow } from '../../src/tcp/connection.js'
import { MAX_REQUESTS } from '../../src/tcp/receiver-reports.js'
import type { Conversation } from '../support/conversation.js'
import { Scene } from '../support/scene.js'
import { trackOne } from './track.js'

const SIZE = 1000

interface Stage {
  scene: Scene
  /** Sends a segment by its number; `captured` is false where the capture misses it. */
  data: (segment: number, captured?: boolean) => void
  /** Acknowledges up to a segment, with blocks of segments that came beyond it. */
  ack: (segment: number, ...blocks: [number, number][]) => void
}

/** What is known in the end of the bytes that the server sends at the round trip of 20 ms. */
function flowOf(play: (stage: Stage) => void, sack = true): Flow {
  const scene = new Scene()
  const client = scene.host('192.168.1.10', { sackPermitted: sack })
  const server = scene.host('203.0.113.20', { sackPermitted: sack, hopLimit: 57 })
  const connection: Conversation = scene.connect(client, 50_000, server, 21, { rtt: 20 })
  const [sender, receiver] = [connection.end('server'), connection.end('client')]
  const at = (segment: number) => sender.sequenceAt(1 + segment * SIZE)
  play({
    scene,
    data(segment, captured = true) {
      const payload = new Uint8Array(SIZE).fill(segment)
      connection.transmit(sender, { sequence: at(segment) }, scene.now + 1e5, captured, { payload })
    },
    ack(segment, ...blocks) {
      const options = blocks.length > 0 ? { sack: blocks.map(([a, b]): [number, number] => [at(a), at(b)]) } : {}
      connection.transmit(receiver, { acknowledgment: at(segment), options }, scene.now + 1e5)
    },
  })
  return trackOne(scene.toPcap()).connection.flows[1]
}

describe('what the receiver says of bytes that the capture lacks', () => {
  it('is nothing where it acknowledges them in order', () => {
    const flow = flowOf(({ data, ack }) => {
      data(0)
      data(1, false)
      data(2)
      ack(3)
    })
    expect(flow.unseen).toEqual([{ start: 1000, bytes: 1000, received: true, asked: null }])
    expect(flow.duplicateAcks).toBe(0)
  })

  it('is that it has them where a SACK block covers them, though nothing is acknowledged in order', () => {
    const flow = flowOf(({ data, ack, scene }) => {
      data(0)
      data(1, false)
      data(2)
      data(3, false)
      data(4)
      ack(1, [3, 5])
      scene.wait(100)
      ack(1, [3, 5])
    })
    expect(flow.unseen).toMatchObject([
      { start: 1000, bytes: 1000, received: false, asked: { times: 2 } },
      { start: 3000, bytes: 1000, received: true, asked: null },
    ])
  })

  it('cuts a hole where its parts fared differently', () => {
    const flow = flowOf(({ data, ack, scene }) => {
      data(0)
      for (const segment of [1, 2, 3]) data(segment, false)
      data(4)
      ack(1, [2, 3], [4, 5])
      scene.wait(50)
      ack(5)
    })
    expect(flow.unseen).toMatchObject([
      { start: 1000, bytes: 1000, received: true, asked: { times: 1 } },
      { start: 2000, bytes: 1000, received: true, asked: null },
      { start: 3000, bytes: 1000, received: true, asked: { times: 1 } },
    ])
  })

  it('is no request where the bytes were only overtaken: they are acknowledged within the round trip', () => {
    const flow = flowOf(({ data, ack }) => {
      data(0)
      data(1, false)
      data(2)
      ack(1, [2, 3])
      ack(3)
    })
    expect(flow.unseen).toMatchObject([{ received: true, asked: null }])
  })

  it('is no request by one or two repeated acknowledgments without SACK, but by three', () => {
    const repeated = (count: number) =>
      flowOf(({ data, ack, scene }) => {
        data(0)
        ack(1)
        data(1, false)
        data(2)
        for (let i = 0; i < count; i++) ack(1)
        scene.wait(50)
        ack(3)
      }, false)
    expect(repeated(2)).toMatchObject({ duplicateAcks: 2, unseen: [{ received: true, asked: null }] })
    expect(repeated(3)).toMatchObject({ duplicateAcks: 3, unseen: [{ received: true, asked: { times: 3 } }] })
  })

  it('is no request by a repeated acknowledgment without blocks where both ends agreed on SACK', () => {
    const flow = flowOf(({ data, ack, scene }) => {
      data(0)
      ack(1)
      data(1, false)
      data(2)
      for (let i = 0; i < 4; i++) ack(1)
      scene.wait(50)
      ack(3)
    })
    expect(flow.unseen).toMatchObject([{ received: true, asked: null }])
  })

  it('names of a long list only the first byte that is lacking: the list may be cut', () => {
    const flow = flowOf(({ data, ack, scene }) => {
      data(0)
      for (const segment of [1, 3, 5, 7]) {
        data(segment, false)
        data(segment + 1)
      }
      ack(1, [8, 9], [6, 7], [4, 5])
      scene.wait(50)
      ack(9)
    })
    expect(flow.unseen.map(({ start, asked }) => [start, asked !== null])).toEqual([
      [1000, true],
      [3000, false],
      [5000, false],
      [7000, false],
    ])
  })

  it('counts a segment that it has twice, by a block below its acknowledgment or within the second one', () => {
    const flow = flowOf(({ data, ack }) => {
      for (let segment = 0; segment < 5; segment++) data(segment)
      ack(5, [2, 3])
      data(6)
      ack(5, [6, 7])
      ack(5, [6, 7], [6, 7])
    })
    expect(flow.receivedTwice).toBe(2)
  })

  it('ignores blocks that end before they begin, or far beyond what was sent', () => {
    const flow = flowOf(({ data, ack }) => {
      data(0)
      data(1, false)
      data(2)
      ack(1, [3, 2])
      ack(1, [2, 200_000])
      ack(3)
    })
    expect(flow).toMatchObject({ duplicateAcks: 0, unseen: [{ received: true, asked: null }] })
  })

  it('is kept for a bounded number of holes, and counted for the rest', () => {
    const holes = 3 * MAX_REQUESTS
    const flow = flowOf(({ data, ack, scene }) => {
      data(0)
      for (let segment = 1; segment < 2 * holes; segment += 2) {
        data(segment, false)
        data(segment + 1)
        ack(1, [segment + 1, segment + 2])
      }
      scene.wait(50)
      ack(2 * holes + 1)
    })
    expect(flow.unseen.length).toBeLessThan(20)
    expect(flow.unseen.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(holes * SIZE)
  })

  it('is forgotten where what is sent again is captured', () => {
    const flow = flowOf(({ data, ack, scene }) => {
      data(0)
      data(2)
      ack(1, [2, 3])
      scene.wait(30)
      data(1)
      ack(3)
    })
    expect(flow).toMatchObject({ unseen: [], duplicateAcks: 1, lostBefore: 1 })
  })
})
