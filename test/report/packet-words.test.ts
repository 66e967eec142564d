import { describe, expect, it } from 'vitest'
import { DigestBudget } from '../../src/paths/digest/digest-budget.js'
import { Observation } from '../../src/paths/digest/observation.js'
import { SegmentRow } from '../../src/paths/digest/segment-log.js'
import { PacketWords } from '../../src/report/compare/packet-words.js'
import { TcpFlag } from '../../src/wire/packet.js'

const CLIENT = { address: '198.51.100.7', port: 40_000 }
const SERVER = { address: '203.0.113.130', port: 21 }

type Segment = [from: 'client' | 'server', offset: number, text: string]

/** Words of segments of a control connection, in the order of capture. */
function wordsOf(...segments: readonly Segment[]): string[] {
  return wordsOfConnection(true, segments)
}

function wordsOfConnection(isDialogue: boolean, segments: readonly Segment[]): string[] {
  const observation = new Observation(0, 0, true, CLIENT, SERVER, new DigestBudget())
  const add = (from: Segment[0], sequence: number, flags: number, text: string): void => {
    const row = new SegmentRow()
    row.sequence = (from === 'client' ? 0xffff_fff0 : 7000) + sequence
    row.length = text.length
    row.flags = flags
    row.marks = from === 'client' ? 0 : 1
    observation.log.add(row, text === '' ? null : Buffer.from(text))
  }
  add('client', 0, TcpFlag.Syn, '')
  add('server', 0, TcpFlag.Syn | TcpFlag.Ack, '')
  for (const [from, offset, text] of segments) add(from, 1 + offset, TcpFlag.Ack, text)
  const words = new PacketWords(observation, isDialogue, false)
  return segments.map((_, index) => words.of(2 + index))
}

describe('The words of packets of a control connection', () => {
  it('are those of a line, for the packet that completes it and for copies, where a half is repeated', () => {
    const [head, tail] = ['227 Entering Passive Mode (203,0,113,130', ',195,80).\r\n']
    const at = head.length
    const words = wordsOf(
      ['client', 0, 'PASV\r\n'],
      ['server', 0, head],
      ['server', at, tail],
      ['server', 0, head],
      ['server', 0, head + tail],
    )
    const line = '227 Entering Passive Mode (203,0,113,130,195,80).'
    expect(words).toEqual(['PASV', '40 bytes', line, '40 bytes', line])
  })

  it('show no password whose line came in halves, the second one first', () => {
    const words = wordsOf(
      ['client', 0, 'USER alice\r\n'],
      ['client', 14, 'SS hunter2\r\n'],
      ['client', 12, 'PA'],
      ['client', 12, 'PASS hunter2\r\n'],
    )
    expect(words).toEqual(['USER alice', 'PASS ***', '2 bytes', 'PASS ***'])
  })

  it('go on after bytes that were not captured', () => {
    expect(
      wordsOf(['client', 0, 'USER alice\r\n'], ['client', 40, 'PWD\r\n'], ['client', 0, 'USER alice\r\n']),
    ).toEqual(['USER alice', 'PWD', 'USER alice'])
  })
})

describe('The words of packets of another connection', () => {
  it('are how many bytes it carries, never its text', () => {
    expect(wordsOfConnection(false, [['server', 0, 'password=hunter2\r\n']])).toEqual(['18 bytes'])
  })
})
