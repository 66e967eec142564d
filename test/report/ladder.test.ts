import { join } from 'node:path'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { ladderOf } from '../../src/report/ladder/ladder.js'
import type { Ladder, LadderRow } from '../../src/report/ladder/model.js'
import { shortLadder } from '../../src/report/ladder/short-ladder.js'
import { FileFrames } from '../../src/report/place/file-frames.js'
import { plainStyle } from '../../src/report/style.js'
import { ladderLines } from '../../src/report/text/ladder-lines.js'
import { analyzeFile } from '../support/analyze-file.js'
import { SAMPLES } from '../support/captures.js'

const sessionOf = (sample: string) => analyzeFile(join(SAMPLES, 'lab', `${sample}.pcap`)).sessions[0]!

function short(sample: string, most = 10): Ladder {
  const session = sessionOf(sample)
  return shortLadder(ladderOf(session), session, most)
}

/** `client->middlebox SYN lost`; data packets with a double stroke. */
function arrow({ from, to, label, lost, channel }: LadderRow): string {
  return `${from}${channel === 'data' ? '=>' : '->'}${to} ${label}${lost ? ' lost' : ''}`
}

describe('ladderOf', () => {
  it.each<[sample: string, middlebox: Ladder['middlebox'], arrows: string[]]>([
    [
      'passive-private-address.client',
      { name: 'NAT', address: null },
      [
        'client->server PASV',
        'server->client 227 Entering Passive Mode (10,0,0,21,195,173).',
        'client=>middlebox SYN to 10.0.0.21:50093 lost',
        'client=>middlebox SYN retransmission lost',
        'client=>middlebox SYN retransmission lost',
        'client=>middlebox SYN retransmission lost',
      ],
    ],
    [
      'active-port-unanswered.server',
      { name: 'network', address: null },
      [
        'client->server PORT 198,51,100,130,229,67',
        'server->client 200 PORT command successful. Consider using PASV.',
        'client->server LIST',
        'server=>middlebox SYN to 198.51.100.130:58691 lost',
        'server=>middlebox SYN retransmission lost',
        'server=>middlebox SYN retransmission lost',
        'server->client 425 Failed to establish connection.',
        'client->server QUIT',
        'server->client 221 Goodbye.',
      ],
    ],
    [
      'passive-port-unreachable.client',
      { name: 'router', address: '203.0.113.20' },
      [
        'client->server PASV',
        'server->client 227 Entering Passive Mode (203,0,113,130,195,150).',
        'client=>middlebox SYN to 203.0.113.130:50070',
        'middlebox=>client ICMP communication administratively prohibited',
      ],
    ],
    [
      'passive-port-refused.client',
      { name: 'firewall', address: null },
      [
        'client->server PASV',
        'server->client 227 Entering Passive Mode (203,0,113,20,195,136).',
        'client=>middlebox SYN to 203.0.113.20:50056',
        'middlebox=>client RST',
      ],
    ],
    [
      'passive-not-attempted.client',
      null,
      [
        'client->server PASV',
        'server->client 227 Entering Passive Mode (203,0,113,130,195,109).   (no connection followed)',
      ],
    ],
    [
      'control-unreachable-ipv6-curl.client',
      { name: 'router', address: '2001:db8:5::2' },
      ['client->middlebox SYN to port 21', 'middlebox->client ICMP administratively prohibited'],
    ],
  ])('%s: has the arrows that show the failure', (sample, middlebox, arrows) => {
    const ladder = short(sample)
    expect(ladder.middlebox).toEqual(middlebox)
    expect(ladder.rows.map(arrow)).toEqual(arrows)
  })

  it('names the source of a data connection that is neither end of the control connection', () => {
    expect(short('active-source-address.middle').rows.map(arrow)).toContain(
      'server=>middlebox SYN from 203.0.113.21 to 198.51.100.2:40721 lost',
    )
  })

  it('shows a RST forged during TLS as sent by the middlebox', () => {
    const { middlebox, rows } = short('tls-interference.client')
    expect(middlebox?.name).toBe('firewall')
    expect(rows.map(arrow)).toEqual(expect.arrayContaining(['client->server TLS ClientHello', 'middlebox->client RST']))
  })

  it('shows no middlebox for a healthy session, and links announcement, transfer and data connection', () => {
    const { middlebox, rows } = ladderOf(sessionOf('passive-healthy.client'))
    expect(middlebox).toBeNull()
    const ofChannel = rows.filter(({ dataChannel }) => dataChannel === 1).map(arrow)
    expect(ofChannel).toEqual(
      expect.arrayContaining([
        'client->server PASV',
        expect.stringMatching(/^server->client 227 /),
        expect.stringMatching(/^client=>server SYN to /),
        expect.stringMatching(/^client->server (?:RETR|LIST|STOR)/),
      ]),
    )
  })

  it('is in the order of frames, each row once', () => {
    const { rows } = ladderOf(sessionOf('passive-healthy.client'))
    const frames = rows.map(({ frame }) => frame)
    expect(frames).toEqual([...frames].sort((a, b) => a - b))
    expect(new Set(rows.map(arrow)).size).toBeGreaterThan(10)
  })
})

describe('shortLadder', () => {
  it('keeps to its number of rows, evidence first, and counts the omitted ones', () => {
    const session = sessionOf('passive-private-address.client')
    const whole = ladderOf(session)
    const { rows } = shortLadder(whole, session, 3)
    expect(rows.map(({ proof }) => proof)).toEqual([true, true, true])
    expect(rows[0]!.skipped).toBe(whole.rows.findIndex(({ frame }) => frame === rows[0]!.frame))
    expect(rows.map(({ skipped }) => skipped).slice(1)).toEqual([0, 0])
  })
})

describe('ladderLines', () => {
  const drawn = (sample: string, width: number): string[] =>
    ladderLines(short(sample), sessionOf(sample).start, 3, {
      ...{ width, style: plainStyle },
      frames: new FileFrames({ files: [] }),
    })

  it.each([60, 80, 100, 160])('keep to %i columns, whatever the labels', (width) => {
    for (const sample of [
      'passive-private-address.client',
      'active-source-address.middle',
      'passive-port-unreachable.client',
      'control-unreachable-ipv6-curl.client',
      'load-balancer-split.client',
    ]) {
      const lines = drawn(sample, width)
      expect(lines.length).toBeGreaterThan(2)
      expect(lines.filter((line) => stringWidth(line) > width)).toEqual([])
    }
  })

  it('show time, frame, direction and loss without color', () => {
    expect(drawn('passive-private-address.client', 80)).toEqual([
      '                 client 192.168.1.10           NAT           server 203.0.113.20',
      '   ⋮#16  131 ms  │── PASV ────────────────────────────────────────────────────►│',
      '    #17  175 ms  │◄── 227 Entering Passive Mode (10,0,0,21,195,173). ──────────│',
      '    #18  175 ms  │══ SYN to 10.0.0.21:50093 ═══✗│                              │',
      '    #21   1.2 s  │══ SYN retransmission ═══════✗│                              │',
      '    #22   3.2 s  │══ SYN retransmission ═══════✗│                              │',
      '    #26   7.2 s  │══ SYN retransmission ═══════✗│                              │',
      '    ── control   ══ data   ✗ lost   ⋮ lines omitted',
    ])
  })
})
