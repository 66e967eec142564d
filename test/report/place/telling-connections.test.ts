import { describe, expect, it } from 'vitest'
import type { PathConnectionReport } from '../../../src/report/contract.js'
import { tellingConnections } from '../../../src/report/place/telling-connections.js'
import { channel, session } from '../fixtures.js'
import { flight } from '../path-fixtures.js'

const control: PathConnectionReport = {
  ...{ kind: 'control', dataChannel: null, tcpStreams: [0, 4], verdict: '' },
  packets: [flight(0, 'client', [1, 1], 'SYN')],
}

function data(id: number, tcpStreams: number[], packets: PathConnectionReport['packets']): PathConnectionReport {
  return { kind: 'data', dataChannel: id, tcpStreams, packets, verdict: '' }
}

describe('the connections that are drawn of a path', () => {
  const unanswered = data(1, [1, 5], [flight(0, 'server', [9, 9], 'SYN')])
  const opened = { ...channel().connection!, tcpStream: 5 }
  const failed = { dataChannels: [channel({ state: 'unanswered', connection: opened })] }

  it('are those that were never established, although all of their packets arrived', () => {
    expect(tellingConnections({ connections: [control, unanswered] }, failed)).toEqual([unanswered])
  })

  it('are those of which a packet was lost, changed or made on the way', () => {
    const lost = data(2, [2], [flight(0, 'server', [null, 9], 'SYN', { end: 'lost' })])
    const forged = data(3, [3], [flight(0, 'server', [9, null], 'RST', { start: 'injected' })])
    const changed = data(4, [6], [flight(0, 'client', [9, 9], 'SYN', { became: [{ after: 0, packet: 'x' }] })])
    expect(tellingConnections({ connections: [control, lost, forged, changed] }, session())).toEqual([
      lost,
      forged,
      changed,
    ])
  })

  it('are the first where nothing happened', () => {
    expect(tellingConnections({ connections: [control, unanswered] }, session())).toEqual([control])
  })
})
