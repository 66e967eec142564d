import { describe, expect, it } from 'vitest'
import { FileFrames } from '../../src/report/place/file-frames.js'
import { placeFlights, strokesOf } from '../../src/web/model/path-layout.js'
import { rowNumbers } from '../../src/web/model/row-numbers.js'
import { flight, twoPlaces } from '../report/path-fixtures.js'

describe('the arrows of a packet past several places', () => {
  it('lead from each place to the next, in the direction of the packet', () => {
    expect(strokesOf(flight(0, 'client', [1, 2, 3], 'SYN'))).toEqual([
      { left: 0, from: 0, to: 1, head: 'arrow', tail: null },
      { left: 1, from: 0, to: 1, head: 'arrow', tail: null },
    ])
    expect(strokesOf(flight(0, 'server', [1, 2], 'ACK'))).toEqual([
      { left: 0, from: 1, to: 0, head: 'arrow', tail: null },
    ])
  })

  it('end where it was lost, on the side of its sender', () => {
    const [toServer, none] = strokesOf(flight(0, 'client', [1, null, null], 'SYN', { end: 'lost' }))
    expect(toServer).toMatchObject({ left: 0, from: 0, head: 'lost' })
    expect(toServer!.to).toBeGreaterThan(0.5)
    expect(none).toBeUndefined()
    const [toClient] = strokesOf(flight(0, 'server', [null, 2], '227', { end: 'lost' }))
    expect(toClient).toMatchObject({ from: 1, head: 'lost' })
    expect(toClient!.to).toBeLessThan(0.5)
  })

  it('begin between the places if it was sent there', () => {
    expect(strokesOf(flight(0, 'server', [1, null], 'RST', { start: 'injected' }))).toMatchObject([
      { left: 0, to: 0, head: 'arrow', tail: 'injected' },
    ])
    expect(strokesOf(flight(0, 'client', [null, 1], 'ACK', { start: 'unknown' }))).toMatchObject([{ tail: 'unknown' }])
    expect(strokesOf(flight(0, 'client', [1, null], 'ACK', { end: 'unknown' }))).toMatchObject([{ head: 'unknown' }])
  })

  it('leave room for other spellings and for what was omitted', () => {
    const plain = flight(0, 'client', [1, 1], 'SYN')
    const { placed, height } = placeFlights([
      plain,
      { ...plain, became: [{ after: 0, packet: 'x' }] },
      { ...plain, skipped: 3 },
    ])
    const [first, second, third] = placed.map(({ y }) => y)
    expect(third! - second!).toBeGreaterThan(second! - first!)
    expect(height).toBeGreaterThan(third!)
  })
})

describe('numbers of rows', () => {
  const frames = new FileFrames(twoPlaces().capture)

  it('are those of the file if the session is in one of several', () => {
    const { file, number } = rowNumbers({ firstFrame: 61, lastFrame: 90 }, frames)
    expect([file, number(61), number(75)]).toEqual(['server.pcap', 1, 15])
  })

  it('are those of the input if it is spread over files, or there is one file', () => {
    const spread = rowNumbers({ firstFrame: 55, lastFrame: 70 }, frames)
    expect([spread.file, spread.number(61)]).toEqual([null, 61])
    const single = rowNumbers({ firstFrame: 55, lastFrame: 70 }, new FileFrames({ files: [] }))
    expect([single.file, single.number(61)]).toEqual([null, 61])
  })
})
