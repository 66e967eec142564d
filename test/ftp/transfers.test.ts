import { describe, expect, it } from 'vitest'
import { client, hear, script, server } from './talk.js'

const heard = (text: string) => hear(script('S: 220 x\n' + text))
const announcement = (text: string) => heard(text).dialogue.announcements[0]
const transfer = (text: string) => heard(text).dialogue.transfers[0]

describe('announcements', () => {
  it('are reported at once: PORT when it is sent, PASV when it is answered', () => {
    const active = hear([...script('S: 220 x'), client('PORT 192,0,2,5,24,131\r\n')])
    expect(active.announced).toMatchObject([
      { mode: 'active', address: '192.0.2.5', port: 6275, frame: 2, accepted: false },
    ])
    const passive = hear(script('S: 220 x\nC: PASV'))
    expect(passive.announced).toEqual([])
    expect(passive.dialogue.announcements).toMatchObject([{ mode: 'passive', frame: 2, port: null, malformed: null }])
    const answered = hear(script('S: 220 x\nC: PASV\nS: 227 ok (192,0,2,9,195,80)'))
    expect(answered.announced).toMatchObject([
      { address: '192.0.2.9', port: 50_000, frame: 3, accepted: true, reply: { code: 227 } },
    ])
  })

  it.each([
    ['C: port 192,0,2,5,24,131\nS: 200 ok', { verb: 'PORT', accepted: true, refused: false }],
    [
      'C: PORT 192,0,2,5,24,131\nS: 500 Illegal PORT command',
      { verb: 'PORT', accepted: false, refused: true, port: 6275 },
    ],
    ['C: EPSV\nS: 502 no', { verb: 'EPSV', accepted: false, refused: true, port: null, malformed: null }],
    ['C: EPSV 2\nS: 229 ok (|||6446|)', { verb: 'EPSV', address: null, port: 6446, notes: [] }],
    ['C: EPSV\nS: 227 ok (192,0,2,9,195,80)', { verb: 'EPSV', address: '192.0.2.9', notes: ['other-family'] }],
    ['C: PASV\nS: 229 ok (|||6446|)', { verb: 'PASV', port: 6446, notes: ['other-family'] }],
    ['C: EPSV\nS: 229 ok (|1|192.0.2.9|5001|)', { address: '192.0.2.9', notes: ['address-in-229'] }],
    ['C: LPSV\nS: 228 ok (4,4,192,0,2,9,2,195,80)', { verb: 'LPSV', port: 50_000, notes: [] }],
    ['C: SPSV\nS: 227 50005', { verb: 'SPSV', address: null, port: 50_005 }],
    ['C: CPSV\nS: 227 ok (192,0,2,9,195,80)', { verb: 'CPSV', port: 50_000, notes: [] }],
    ['C: PORT 192,0,2,5,0,80\nS: 200 ok', { notes: ['privileged-port'] }],
    ['C: PORT 114,115\nS: 200 ok', { malformed: '2 numbers instead of 6', port: null, accepted: true }],
    ['C: PASV\nS: 227 Response to PASV command', { malformed: 'no address and port in the reply', accepted: true }],
    ['C: PASV\nS: 227 ok (192,0,2,9,0,0)', { malformed: 'port 0 does not exist', address: '192.0.2.9', port: 0 }],
    ['C: EPSV ALL\nS: 200 ok\nC: PASV\nS: 227 ok (192,0,2,9,195,80)', { notes: ['after-epsv-all'] }],
    ['C: EPSV ALL\nS: 501 no\nC: PASV\nS: 227 ok (192,0,2,9,195,80)', { notes: [] }],
  ])('are read from %j', (lines, expected) => {
    expect(announcement(lines)).toMatchObject(expected)
  })

  it('do not include EPSV ALL, or a 227 without an address', () => {
    expect(heard('C: EPSV ALL\nS: 200 ok').dialogue.announcements).toEqual([])
    expect(heard('C: QUIT\nS: 227 Logout.').dialogue.announcements).toEqual([])
  })

  it('are recognized by reply code if their command was not captured', () => {
    const { dialogue } = hear(script('S: 227 ok (192,0,2,9,195,80)\nC: LIST\nS: 150 o\nS: 226 done'))
    expect(dialogue.announcements).toMatchObject([{ verb: 'PASV', port: 50_000, exchange: { command: null } }])
    expect(dialogue.transfers[0]!.announcement).toBe(dialogue.announcements[0])
  })

  it('note a bare LF in the line that names the port', () => {
    expect(hear([...script('S: 220 x'), client('PORT 192,0,2,5,24,131\n')]).dialogue.announcements[0]!.notes).toEqual([
      'bare-line-feed',
    ])
    const passive = hear([...script('S: 220 x\nC: PASV'), server('227 (192,0,2,9,195,80)\n')])
    expect(passive.dialogue.announcements[0]!.notes).toEqual(['bare-line-feed'])
  })

  it('are not malformed if the capture ends inside their line', () => {
    const { dialogue, announced } = hear([
      ...script('S: 220 x\nC: PASV'),
      server('227 Entering Passive Mode (192,0,2,9,19'),
    ])
    expect(dialogue.announcements).toMatchObject([{ malformed: null, port: null }])
    expect(announced).toEqual([])
  })

  it('are two if a port is announced twice', () => {
    const { dialogue } = heard('C: PORT 192,0,2,5,24,131\nS: 200 ok\nC: PORT 192,0,2,5,24,131\nS: 200 ok')
    expect(dialogue.announcements).toHaveLength(2)
  })
})

const PASV = 'C: PASV\nS: 227 ok (192,0,2,9,195,80)\n'
const PORT = 'C: PORT 192,0,2,5,24,131\nS: 200 ok\n'

describe('transfers', () => {
  it.each([
    ['RETR a', { direction: 'download', path: 'a' }],
    ['STOR a', { direction: 'upload', path: 'a' }],
    ['STOU', { direction: 'upload', path: null }],
    ['APPE a', { direction: 'upload', path: 'a' }],
    ['LIST', { direction: 'listing', path: null }],
    ['LIST -la', { direction: 'listing', path: null }],
    ['LIST -la /pub', { direction: 'listing', path: '/pub' }],
    ['NLST *.gz', { direction: 'listing', path: '*.gz' }],
    ['mlsd /pub', { command: 'MLSD', direction: 'listing', path: '/pub' }],
  ])('begin with %s', (line, expected) => {
    expect(transfer(`C: ${line}`)).toMatchObject(expected)
  })

  it('do not include MLST, STAT or unknown verbs', () => {
    expect(heard('C: MLST a\nC: STAT /\nC: FETCH a').dialogue.transfers).toEqual([])
  })

  it('have the parameters in force', () => {
    expect(transfer(PASV + 'C: RETR a')).toMatchObject({
      representation: 'ascii',
      mode: 'stream',
      structure: 'file',
      restartAt: 0,
    })
    expect(
      transfer(
        `C: TYPE I\nS: 200 ok\nC: MODE z\nS: 200 ok\nC: STRU R\nS: 200 ok\nC: REST 100\nS: 350 ok\n${PASV}C: RETR a`,
      ),
    ).toMatchObject({ representation: 'image', mode: 'deflate', structure: 'record', restartAt: 100 })
    expect(transfer('C: TYPE I\nS: 500 no\nC: REST 9\nS: 502 no\nC: RETR a')).toMatchObject({
      representation: 'ascii',
      restartAt: 0,
    })
    expect(transfer('C: TYPE A N\nS: 200 ok\nC: RETR a\nS: 150 Opening BINARY mode')).toMatchObject({
      representation: 'ascii',
    })
    expect(transfer('C: RETR a\nS: 150 Opening BINARY mode data connection')).toMatchObject({ representation: 'image' })
  })

  it('use up the restart point', () => {
    const { transfers } = heard(`C: REST 5\nS: 350 ok\n${PASV}C: RETR a\nS: 150 o\nS: 226 d\n${PASV}C: RETR b`).dialogue
    expect(transfers.map((t) => t.restartAt)).toEqual([5, 0])
  })

  it('record whether their data is protected', () => {
    const { dialogue } = heard(
      'C: PBSZ 0\nS: 200 ok\nC: PROT P\nS: 200 ok\nC: LIST\nS: 150 o\nS: 226 d\nC: PROT C\nS: 200 ok\nC: LIST',
    )
    expect(dialogue.transfers.map((t) => t.protectedData)).toEqual([true, false])
    expect(dialogue.protectedData).toBe(false)
    expect(transfer('C: PROT P\nS: 536 no\nC: LIST')).toMatchObject({ protectedData: false })
  })

  it('use the latest announcement, once', () => {
    const { announcements, transfers } = heard(
      `${PASV}${PASV}C: LIST\nS: 150 o\nS: 226 d\nC: NLST\nS: 425 Use PORT or PASV first`,
    ).dialogue
    expect(transfers.map((t) => t.announcement)).toEqual([announcements[1], null])
  })

  it('use a pending announcement of a client that pipelines', () => {
    const { announcements, transfers } = heard(
      'C: PASV\nC: LIST\nS: 227 ok (192,0,2,9,195,80)\nS: 150 o\nS: 226 d',
    ).dialogue
    expect(transfers[0]!.announcement).toBe(announcements[0])
  })

  it('fall back to the announcement before a refused one', () => {
    const waiting = heard(`${PORT}C: EPSV\nS: 502 no\nC: LIST\nS: 150 o`).dialogue
    expect(waiting.transfers[0]!.announcement).toBe(waiting.announcements[0])
    const hasty = heard(`${PORT}C: EPSV\nC: LIST\nS: 502 no\nS: 150 o`).dialogue
    expect(hasty.transfers[0]!.announcement).toBe(hasty.announcements[0])
  })

  it('leave the announcement to the next one if the server refuses the file', () => {
    const { announcements, transfers } = heard(`${PASV}C: RETR a\nS: 550 no\nC: RETR b\nS: 150 o`).dialogue
    expect(transfers.map((t) => t.announcement)).toEqual([announcements[0], announcements[0]])
  })

  it('reuse a PORT only if the server does', () => {
    const again = heard(`${PORT}C: LIST\nS: 150 o\nS: 226 d\nC: NLST\nS: 150 o`).dialogue
    expect(again.transfers.map((t) => t.announcement)).toEqual([again.announcements[0], again.announcements[0]])
    const refused = heard(`${PORT}C: LIST\nS: 150 o\nS: 226 d\nC: NLST\nS: 425 no`).dialogue
    expect(refused.transfers[1]!.announcement).toBeNull()
  })

  it('do not use an announcement that was sent after them', () => {
    const { announcements, transfers } = heard(
      `${PORT}C: LIST\nS: 150 o\nS: 226 d\nC: NLST\nC: PORT 192,0,2,5,24,132\nS: 150 o\nS: 226 d\nS: 200 ok`,
    ).dialogue
    expect(transfers.map((t) => t.announcement?.port)).toEqual([6275, 6275])
    expect(announcements).toHaveLength(2)
  })

  it('do not use announcements and parameters from before REIN', () => {
    const { transfers } = heard(`C: TYPE I\nS: 200 ok\n${PASV}C: REIN\nS: 220 again\nC: LIST`).dialogue
    expect(transfers[0]).toMatchObject({ representation: 'ascii', announcement: null })
  })

  it.each([
    ['SIZE of the same path', 'C: SIZE a\nS: 213 69\nC: RETR a\nS: 150 o', 69, 'SIZE'],
    ['SIZE of another path', 'C: SIZE b\nS: 213 69\nC: RETR a\nS: 150 o', null, null],
    ['SIZE less the restart point', 'C: SIZE a\nS: 213 69\nC: REST 9\nS: 350 o\nC: RETR a\nS: 150 o', 60, 'SIZE'],
    ['SIZE under another TYPE', 'C: SIZE a\nS: 213 69\nC: TYPE I\nS: 200 ok\nC: RETR a\nS: 150 o', null, null],
    [
      'a SIZE before the directory changed',
      'C: SIZE a\nS: 213 69\nC: CWD b\nS: 250 o\nC: RETR a\nS: 150 o',
      null,
      null,
    ],
    ['a SIZE over 4 GiB', 'C: SIZE a\nS: 213 8589934593\nC: RETR a\nS: 150 o', 8589934593, 'SIZE'],
    ['the 150 of vsftpd', 'C: RETR a\nS: 150 Opening BINARY mode data connection for a (69 bytes).', 69, '150'],
    ['the 150 of IIS', 'C: RETR a\nS: 125 Data connection already open; a(1234 Bytes).', 1234, '150'],
    ['a 150 with a name that looks like a length', 'C: RETR x\nS: 150 Opening (9 bytes).txt (70 bytes)', 70, '150'],
    ['a 150 with separators', 'C: RETR x\nS: 150 Opening x (1,234,567 bytes)', 1234567, '150'],
    ['a rounded length', 'C: RETR x\nS: 150 1234.5 kbytes to download', null, null],
    ['a 150 with the size of the whole file', 'C: REST 9\nS: 350 o\nC: RETR a\nS: 150 a (69 bytes)', 60, '150'],
    [
      'a 150 with the size of the rest',
      'C: SIZE a\nS: 213 69\nC: REST 9\nS: 350 o\nC: RETR a\nS: 150 a (60 bytes)',
      60,
      '150',
    ],
    [
      'MLST',
      'C: TYPE I\nS: 200 o\nC: MLST a\nS: 250-Listing\n type=file;size=77; a\nS: 250 End\nC: RETR a\nS: 150 o',
      77,
      'listing',
    ],
    ['nothing for an upload', 'C: SIZE a\nS: 213 69\nC: STOR a\nS: 150 a (69 bytes)', null, null],
  ])('expect the size given by %s', (_, lines, expectedBytes, expectedFrom) => {
    expect(transfer(lines)).toMatchObject({ expectedBytes, expectedFrom })
  })
})

describe('the working directory of a transfer', () => {
  it.each([
    ['C: PWD\nS: 257 "/home/a" is it\nC: RETR b\nS: 226 ok', '/home/a'],
    ['C: PWD\nS: 257 "/home/a" is it\nC: CWD ../b\nS: 250 ok\nC: RETR c\nS: 226 ok', '/home/b'],
    ['C: PWD\nS: 257 "/a" is it\nC: CWD b\nS: 550 no\nC: RETR c', '/a'],
    // Sent before the reply to CWD.
    ['C: CWD /a\nC: RETR c\nS: 250 ok\nS: 226 ok', '/a'],
    ['C: RETR c\nS: 226 ok', null],
  ])('%j is %s', (text, directory) => {
    expect(transfer(text)!.directory).toBe(directory)
  })
})
