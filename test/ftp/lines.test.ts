import { describe, expect, it } from 'vitest'
import { client, hear, outline, script, server } from './talk.js'

const commands = (...texts: string[]) =>
  hear([server('220 ready\r\n'), ...texts.map(client)]).dialogue.exchanges.filter((e) => e.command !== null)

describe('lines of the control connection', () => {
  it('reads a command in several segments, and several commands in one', () => {
    const [user, pass, feat] = commands('US', 'ER al', 'ice\r', '\nPASS x\r\nFEAT\r\n')
    expect(user).toMatchObject({ command: 'USER', argument: 'alice', frame: 5, streamStart: 0, streamEnd: 12 })
    expect(pass).toMatchObject({ command: 'PASS', argument: 'x', frame: 5, streamStart: 12, streamEnd: 20 })
    expect(feat).toMatchObject({ command: 'FEAT', argument: null, streamEnd: 26 })
  })

  it('accepts a bare LF as a line end and notes it', () => {
    expect(commands('NOOP\nPWD\r\n').map((e) => [e.command, e.lineEnd])).toEqual([
      ['NOOP', 'lf'],
      ['PWD', 'crlf'],
    ])
  })

  it('removes CR CR LF, and keeps CR NUL as a CR inside a line', () => {
    expect(commands('CWD a\r\r\nCWD b\r\0c\r\n').map((e) => e.argument)).toEqual(['a', 'b\rc'])
  })

  it.each([
    ['Synch before ABOR', '\xff\xf4\xff\xf2ABOR\r\n', 'ABOR', null],
    ['a Synch whose IAC was sent separately', '\xf2ABOR\r\n', 'ABOR', null],
    ['option negotiation', '\xff\xfb\x18USER \xff\xfd\x01bob\r\n', 'USER', 'bob'],
    ['a subnegotiation', '\xff\xfa\x18\x00ansi\xff\xf0USER bob\r\n', 'USER', 'bob'],
    ['a doubled 255', 'CWD \xff\xff\r\n', 'CWD', '\\xff'],
    ['a single 255, as Windows-1251 has it', 'CWD \xffma\r\n', 'CWD', '\\xffma'],
    ['a negotiation truncated by the line end', 'NOOP\xff\xfb\r\n', 'NOOP', null],
    ['lower case', 'retr A b\r\n', 'RETR', 'A b'],
    ['spaces before the verb', '  PWD\r\n', 'PWD', null],
    ['a byte order mark', '\xef\xbb\xbfUSER bob\r\n', 'USER', 'bob'],
    ['spaces that belong to a password', 'PASS  two blanks \r\n', 'PASS', ' two blanks '],
    ['an unknown verb', 'xyzzy 42\r\n', 'XYZZY', '42'],
  ])('reads %s', (_, bytes, command, argument) => {
    expect(commands(bytes)).toMatchObject([{ command, argument }])
  })

  it('keeps the beginning of an endless line, counts it, and continues after it', () => {
    const { dialogue, anomalies } = hear([
      server('220 ready\r\n'),
      client('RETR ' + 'a'.repeat(10_000)),
      client('a'.repeat(90_000) + '\r\nQUIT\r\n'),
    ])
    expect(dialogue.exchanges.map((e) => [e.command, e.argument?.length])).toEqual([
      [null, undefined],
      ['RETR', 8192 - 5],
      ['QUIT', undefined],
    ])
    expect(dialogue.cutLines).toBe(1)
    expect(anomalies.has('ftp-line-cut')).toBe(true)
  })

  it('reads a last line without a line end when the stream ends', () => {
    const speeches = [...script('S: 220 ready'), client('QUIT')]
    expect(outline(hear(speeches, { end: false }).dialogue)).toEqual(['- 220'])
    expect(outline(hear(speeches).dialogue)).toEqual(['- 220', 'QUIT'])
  })

  it('keeps the beginning of a line interrupted by a gap, marked, and drops its end after the gap', () => {
    const { dialogue, anomalies } = hear([
      ...script('S: 220 ready'),
      client('USER al'),
      { gap: 'client', length: 20 },
      client('ing file\r\nCWD /pub\r\n'),
    ])
    expect(outline(dialogue)).toEqual(['- 220', 'USER', 'CWD'])
    expect(dialogue.exchanges[1]).toMatchObject({ argument: 'al', clipped: true })
    expect(dialogue.exchanges[2]).toMatchObject({ streamStart: 37, clipped: false })
    expect(anomalies.has('ftp-line-lost')).toBe(true)
  })

  it('skips binary lines', () => {
    const { dialogue, anomalies } = hear([server('220 x\r\n'), client('\x01\x02\x80\xfe\r\nNOOP\r\n')])
    expect(outline(dialogue)).toEqual(['- 220', 'NOOP'])
    expect(anomalies.has('ftp-line-binary')).toBe(true)
  })
})
