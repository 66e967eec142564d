import { describe, expect, it } from 'vitest'
import type { PacketReport } from '../../src/report/contract.js'
import { analyzeFile } from '../support/analyze-file.js'

function outline(packets: readonly PacketReport[]): string[] {
  return packets.map(
    ({ frame, from, kind, lost, note }) => `#${frame} ${from} ${kind}${lost ? ' lost' : ''}${note ? `: ${note}` : ''}`,
  )
}

function firstOf(sample: string) {
  return analyzeFile(`samples/${sample}.pcap`).sessions[0]!
}

describe('the packets of a connection', () => {
  it('show the opening, the data and the close of one that worked', () => {
    const { dataChannels } = firstOf('made/control-refused--silent')
    for (const { connection } of dataChannels) {
      const kinds = connection!.packets.map(({ kind }) => kind)
      expect(kinds.slice(0, 3)).toEqual(['syn', 'syn-ack', 'ack'])
      expect(kinds).toContain('first-data')
      expect(kinds.filter((kind) => kind === 'fin')).toHaveLength(2)
      expect(connection!.packets.some(({ lost }) => lost)).toBe(false)
    }
  })

  it('mark each SYN without an answer as lost', () => {
    const [channel] = firstOf('lab/passive-private-address.client').dataChannels
    expect(outline(channel!.connection!.packets)).toEqual([
      '#18 client syn lost',
      '#21 client syn lost',
      '#22 client syn lost',
      '#26 client syn lost',
    ])
  })

  it('do not mark a SYN as lost that a RST answered', () => {
    const { control } = firstOf('lab/control-refused.client')
    expect(outline(control.packets)).toEqual(['#3 client syn', '#4 server rst'])
  })

  it('name the ICMP error and its sender', () => {
    const { control } = firstOf('lab/control-unreachable.client')
    expect(outline(control.packets)).toContainEqual(expect.stringMatching(/^#\d+ network icmp: .+, from [\d.]+$/))
  })

  it('are in the order of frames, with times', () => {
    const { control } = firstOf('lab/tls-healthy.client')
    const frames = control.packets.map(({ frame }) => frame)
    expect(frames).toEqual([...frames].sort((a, b) => a - b))
    expect(control.packets.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['client-hello', 'server-hello']))
    for (const { time } of control.packets) expect(Date.parse(time)).not.toBeNaN()
  })
})

describe('the rate of a transfer', () => {
  it('counts every byte of the data connection once', () => {
    const rated = ['transfer-slow', 'zero-window', 'packet-loss']
      .flatMap((name) => analyzeFile(`samples/made/${name}.pcap`).sessions)
      .flatMap(({ dataChannels }) => dataChannels)
      .filter(({ connection }) => connection?.rate)
    expect(rated.length).toBeGreaterThan(0)
    for (const { connection, transfer } of rated) {
      const sum = connection!.rate!.bytes.reduce((total, bytes) => total + bytes, 0)
      expect(sum).toBe(transfer!.bytes! - connection!.missingBytes)
    }
  })
})
