import { describe, expect, it } from 'vitest'
import { client, hear, outline, script, server, type Speech } from './talk.js'

type Part = Speech | { gap: 'client' | 'server'; length: number }
const pairs = (...parts: (string | Part)[]) =>
  outline(hear(parts.flatMap((part) => (typeof part === 'string' ? script(part) : [part]))).dialogue)

describe('pairing of commands and replies', () => {
  it('answers the oldest command when the client does not wait', () => {
    expect(
      pairs(`
        S: 220 x
        C: USER a
        C: PASS b
        C: TYPE I
        S: 331 p
        S: 230 in
        S: 200 ok`),
    ).toEqual(['- 220', 'USER 331', 'PASS 230', 'TYPE 200'])
  })

  it('keeps a command open after a preliminary reply', () => {
    expect(pairs('S: 220 x\nC: RETR f\nS: 150 opening\nC: QUIT\nS: 226 done\nS: 221 bye')).toEqual([
      '- 220',
      'RETR 150 226',
      'QUIT 221',
    ])
  })

  it('reads 120 and 220 as one greeting, and accepts commands before it', () => {
    expect(pairs('C: USER a\nS: 120 wait\nS: 220 x\nS: 331 p')).toEqual(['USER 331', '- 120 220'])
  })

  it('answers HOST and REIN with their own 220', () => {
    expect(pairs('S: 220 x\nC: HOST ftp.example\nS: 220 y\nC: REIN\nS: 120 soon\nS: 220 z')).toEqual([
      '- 220',
      'HOST 220',
      'REIN 120 220',
    ])
  })

  it('pairs 426 with the transfer and 226 with ABOR', () => {
    const { dialogue } = hear(
      script('S: 220 x\nC: RETR f\nS: 150 opening\nC: ABOR\nS: 426 aborted\nS: 226 abort done\nC: PWD\nS: 257 "/"'),
    )
    expect(outline(dialogue)).toEqual(['- 220', 'RETR 150 426', 'ABOR 226', 'PWD 257'])
    expect(dialogue.transfers[0]!.abortedBy?.command).toBe('ABOR')
  })

  it('recovers if the server sends one reply to a transfer and ABOR', () => {
    expect(
      pairs('S: 220 x\nC: RETR f\nS: 150 o\nC: ABOR\nS: 226 both\nC: SIZE g\nS: 550 no\nC: PWD\nS: 257 "/"'),
    ).toEqual(['- 220', 'RETR 150 226', 'ABOR', 'SIZE 550', 'PWD 257'])
  })

  it('leaves a transfer without a final reply if ABOR is told that there is none', () => {
    const { dialogue } = hear(
      script('S: 220 x\nC: RETR f\nC: ABOR\nS: 150 o\nS: 225 nothing to abort\nC: PWD\nS: 257 "/"'),
    )
    expect(outline(dialogue)).toEqual(['- 220', 'RETR 150', 'ABOR 225', 'PWD 257'])
    expect(pairs('S: 220 x\nC: RETR f\nS: 150 o\nS: 225 done')).toEqual(['- 220', 'RETR 150 225'])
  })

  it('does not relate ABOR to a transfer that is over', () => {
    const { dialogue } = hear(script('S: 220 x\nC: RETR f\nS: 150 o\nS: 226 done\nC: ABOR\nS: 225 nothing to abort'))
    expect(dialogue.transfers[0]!.abortedBy).toBeNull()
  })

  it.each([
    ['STAT', '211 running'],
    ['NOOP', '200 ok'],
  ])('lets the transfer continue if %s is answered meanwhile', (verb, reply) => {
    expect(pairs(`S: 220 x\nC: RETR f\nS: 150 o\nC: ${verb}\nS: ${reply}\nS: 226 done`)).toEqual([
      '- 220',
      'RETR 150 226',
      `${verb} ${reply.slice(0, 3)}`,
    ])
  })

  it('pairs 421 with the open command, or with none', () => {
    expect(pairs('S: 220 x\nC: LIST\nS: 421 timeout')).toEqual(['- 220', 'LIST 421'])
    expect(pairs('S: 220 x\nS: 421 timeout')).toEqual(['- 220', '- 421'])
  })

  it('takes a line without a code as the reply if the client goes on', () => {
    expect(pairs('S: 220 x\nC: SYST\nS: UNIX\nC: QUIT\nS: 221 bye')).toEqual(['- 220', 'SYST', 'QUIT 221'])
  })

  it('pairs the reply after such a line with the command if the client waits', () => {
    expect(pairs('S: 220 x\nC: PASS y\nS: SSH-2.0-mod_sftp\nS: 530 no')).toEqual(['- 220', 'PASS 530'])
  })

  it('starts in the middle of a session', () => {
    expect(pairs('S: 226 done\nC: PASV\nS: 227 (1,2,3,4,5,6)')).toEqual(['- 226', 'PASV 227'])
    expect(pairs('C: PASV\nS: 226 done\nS: 227 (1,2,3,4,5,6)')).toEqual(['PASV 227', '- 226'])
  })

  it('resynchronizes after replies that were not captured', () => {
    expect(
      pairs(
        'S: 220 x\nC: RETR f\nS: 150 o',
        { gap: 'server', length: 20 },
        'C: PASV\nS: 227 (1,2,3,4,5,6)\nC: TYPE I\nS: 200 ok',
      ),
    ).toEqual(['- 220', 'RETR 150', 'PASV 227', 'TYPE 200'])
    expect(pairs('S: 220 x\nC: CWD a', { gap: 'server', length: 9 }, 'C: CWD b\nS: 550 no')).toEqual([
      '- 220',
      'CWD',
      'CWD 550',
    ])
  })

  it('resynchronizes after commands that were not captured', () => {
    expect(
      pairs(
        'S: 220 x',
        { gap: 'client', length: 8 },
        'C: PASV\nS: 215 UNIX\nS: 227 (1,2,3,4,5,6)\nC: TYPE I\nS: 200 ok',
      ),
    ).toEqual(['- 220', 'PASV 227', '- 215', 'TYPE 200'])
  })

  it('accepts unusual codes of a server as long as nothing is missing', () => {
    expect(pairs('S: 220 x\nC: RETR f\nS: 225 odd\nC: USER a\nS: 230 in')).toEqual(['- 220', 'RETR 225', 'USER 230'])
  })

  it('limits the open commands and the exchanges kept', () => {
    const flood = client('NOOP\r\n'.repeat(5000))
    const { dialogue, anomalies } = hear([server('220 x\r\n'), flood, server('200 ok\r\n'.repeat(10))], {
      limits: { exchanges: 3000 },
    })
    expect(dialogue.exchanges).toHaveLength(3000)
    expect(anomalies.has('ftp-open-commands')).toBe(true)
    expect(anomalies.has('ftp-exchanges-capped')).toBe(true)
  })

  it('limits the text kept of a session', () => {
    const { dialogue, anomalies } = hear(
      Array.from({ length: 50 }, () => client('CWD ' + 'a'.repeat(1000) + '\r\n')),
      { limits: { sessionText: 5000, shortText: 10 } },
    )
    expect(dialogue.exchanges.at(-1)!.argument).toBe('a'.repeat(10))
    expect(anomalies.has('ftp-text-capped')).toBe(true)
  })
})
