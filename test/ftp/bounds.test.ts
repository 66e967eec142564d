import { describe, expect, it } from 'vitest'
import { readTlsHead } from '../../src/tls/hello.js'
import { latin1 } from './talk.js'
import { client, hear, outline, script, server } from './talk.js'

const dialogueOf = (text: string) => hear(script(text)).dialogue
const record = (type: number, body: string) =>
  String.fromCharCode(type, 3, 3, body.length >> 8, body.length & 255) + body

describe('A file size that the server states', () => {
  it('is forgotten for the oldest of more than 256 files', () => {
    const asked = Array.from({ length: 257 }, (_, i) => `C: SIZE /f${i}\nS: 213 ${i + 1}`).join('\n')
    const fetched = 'C: TYPE I\nS: 200 ok\n' + asked
    const { transfers } = dialogueOf(
      `S: 220 x\n${fetched}\nC: RETR /f0\nS: 150 go\nS: 226 ok\nC: RETR /f256\nS: 150 go\nS: 226 ok`,
    )
    expect(transfers.map(({ expectedBytes }) => expectedBytes)).toEqual([null, 257])
  })

  it('applies to a relative name in the same directory only, and to an absolute one everywhere', () => {
    const { transfers } = dialogueOf(
      'S: 220 x\nC: TYPE I\nS: 200 ok\nC: SIZE a\nS: 213 10\nC: SIZE /b\nS: 213 20\nC: CWD sub\nS: 250 ok\n' +
        'C: RETR a\nS: 150 go\nS: 226 ok\nC: RETR /b\nS: 150 go\nS: 226 ok',
    )
    expect(transfers.map(({ expectedBytes }) => expectedBytes)).toEqual([null, 20])
  })

  it('is read from the facts of MLST, if they have a size', () => {
    const { transfers } = dialogueOf(
      'S: 220 x\nC: TYPE I\nS: 200 ok\nC: MLST a\nS: 250-Listing\n type=file;size=77; a\nS: 250 End\n' +
        'C: MLST b\nS: 250-Listing\n type=file; b\nS: 250 End\nC: RETR a\nS: 150 go\nS: 226 ok\nC: RETR b\nS: 150 go',
    )
    expect(transfers.map(({ expectedBytes, expectedFrom }) => [expectedBytes, expectedFrom])).toEqual([
      [77, 'listing'],
      [null, null],
    ])
  })
})

describe('Unknown parameters', () => {
  it('change nothing', () => {
    const { transfers } = dialogueOf(
      'S: 220 x\nC: TYPE I\nS: 200 ok\nC: TYPE Q\nC: MODE Q\nC: STRU Q\nC: REST x\nC: RETR a\nS: 150 go\nS: 226 ok',
    )
    expect(transfers).toMatchObject([{ representation: 'image', mode: 'stream', structure: 'file', restartAt: 0 }])
  })
})

describe('AUTH without TLS', () => {
  it('hides the commands that GSSAPI wraps, and is not TLS', () => {
    const { dialogue } = hear(
      script(
        'S: 220 x\nC: AUTH GSSAPI\nS: 334 go\nC: ADAT abc\nS: 235 ok\nC: MIC def\nS: 631 ghi\nC: ENC jkl\nS: 632 mno',
      ),
    )
    expect(dialogue).toMatchObject({ security: 'gssapi', opaqueFrom: { frame: 5 }, tls: null })
    expect(outline(dialogue)).toEqual(['- 220', 'AUTH 334', 'ADAT 235'])
  })

  it('is complete at once if the server accepts it without ADAT', () => {
    const { dialogue } = hear(script('S: 220 x\nC: AUTH KERBEROS_V4\nS: 234 ok\nC: ENC abc\nS: 632 def'))
    expect(dialogue).toMatchObject({ security: 'gssapi', opaqueFrom: { frame: 3 } })
    expect(hear(script('S: 220 x\nC: AUTH\nS: 234 ok')).dialogue.security).toBe('none')
  })
})

describe('The limit on TLS records kept', () => {
  const hello = record(22, '\x01' + 'x'.repeat(60))

  it('is 16 alerts and 1024 application data records', () => {
    const alerts = record(21, '\x01\x00').repeat(20)
    const data = record(23, 'x'.repeat(40)).repeat(1100)
    const { dialogue } = hear([...script('S: 220 x\nC: AUTH TLS\nS: 234 go'), client(hello), client(alerts + data)])
    expect(dialogue.tls?.alerts).toHaveLength(16)
    expect(dialogue.tls?.records).toHaveLength(1024)
  })

  it('counts an encrypted alert in two segments once', () => {
    const alert = record(21, 'encrypted alert of 31 bytes....')
    const { dialogue } = hear([
      ...script('S: 220 x\nC: AUTH TLS\nS: 234 go'),
      client(hello + alert.slice(0, 12)),
      client(alert.slice(12)),
    ])
    expect(dialogue.tls?.alerts).toMatchObject([{ level: null, description: null }])
  })
})

describe('The beginning of a TLS connection', () => {
  const random = 'r'.repeat(32)
  const message = (type: number, body: string) =>
    String.fromCharCode(type, 0, body.length >> 8, body.length & 255) + body
  const headOf = (bytes: string) => readTlsHead(latin1(bytes))

  it('is read as far as the hello goes, but not if that ends inside its session id', () => {
    const whole = headOf(record(22, message(1, `\x03\x03${random}\x02ab\0\x02\x13\x01\x01\0\0\x04\0\x29\0\0`)))
    expect(whole.clientHello).toEqual({
      sessionId: '6162',
      ticket: false,
      preSharedKey: true,
      cut: false,
      version: 0x0303,
      protocols: null,
    })
    expect(headOf(record(22, message(1, `\x03\x03${random}\x20ab`))).clientHello).toBeNull()
    expect(headOf(record(22, message(1, `\x03\x03${random}\x21${'a'.repeat(40)}`))).clientHello).toBeNull()
    expect(headOf(record(22, message(1, `\x03\x03${random}\0\0`))).clientHello).toMatchObject({ sessionId: '' })
    expect(headOf(record(22, message(1, `\x03\x03${random}\0`))).clientHello).toMatchObject({ preSharedKey: false })
  })

  it('has the ServerHello that follows a HelloRetryRequest and a ChangeCipherSpec', () => {
    const retry = `\xcf\x21\xad\x74${'r'.repeat(28)}`
    const hello = (random: string) => record(22, message(2, `\x03\x03${random}\0\x13\x01\0\0\x06\0\x2b\0\x02\x03\x04`))
    const head = headOf(hello(retry) + record(20, '\x01') + hello(random) + record(23, 'encrypted'))
    expect(head).toMatchObject({ serverHello: { version: 0x0304 }, changedCipher: true, data: [9] })
    expect(headOf(hello(retry) + record(20, '\x01')).serverHello).toBeNull()
    // An encrypted Finished of TLS 1.2 may begin with any byte.
    expect(headOf(record(20, '\x01') + hello(random)).serverHello).toBeNull()
  })

  it('shows an unencrypted alert, but not one that is longer or truncated', () => {
    expect(headOf(record(21, '\x02\x28')).alert).toEqual({ level: 2, description: 40 })
    expect(headOf(record(21, 'encrypted')).alert).toBeNull()
    expect(headOf(record(21, '\x02\x28').slice(0, 6)).alert).toBeNull()
  })
})

describe('A line', () => {
  it('of a PORT whose end was not captured is not judged for its syntax', () => {
    const { dialogue } = hear([...script('S: 220 x'), client('PORT 10,0,0,2,4')])
    expect(dialogue.announcements).toMatchObject([{ malformed: null, port: null }])
    const whole = hear([...script('S: 220 x'), client('PORT 10,0,0,2,4,1')])
    expect(whole.dialogue.announcements).toMatchObject([{ port: 1025 }])
    expect(hear(script('S: 220 x\nC: PORT')).dialogue.announcements).toMatchObject([
      { malformed: 'the argument is missing' },
    ])
  })

  it('that begins like a hello of SSL 2.0 is text as soon as it differs from one', () => {
    for (const start of ['\x80\x2e\x02', '\x80\x2e\x01\x02', '\x80\x2e\x01\x03\x09']) {
      const { dialogue } = hear([...script('S: 220 x'), client(`${start}OTHER x\r\n`), client('NOOP\r\n')])
      expect(dialogue.tls).toBeNull()
      expect(dialogue.exchanges.at(-1)?.command).toBe('NOOP')
    }
  })

  it('without its end is complete when the session ends', () => {
    const { dialogue } = hear([server('220 ready'), client('NOOP')])
    expect(outline(dialogue)).toEqual(['- 220', 'NOOP'])
  })
})

describe('A multi-line reply', () => {
  it('without an end is closed by the first of many lines with another code', () => {
    const lines = Array.from({ length: 40 }, (_, i) => `S: 250 line ${i}`).join('\n')
    const { dialogue } = hear(script(`S: 220 x\nC: STAT\nS: 211-Status\n${lines}\nC: NOOP\nS: 200 ok`))
    expect(dialogue.exchanges.find(({ command }) => command === 'STAT')?.replies[0]?.code).toBe(211)
    expect(outline(dialogue).at(-1)).toMatch(/^NOOP/)
  })
})

describe('A transfer that is running', () => {
  it('does not take the replies to HELP, NOOP and STAT', () => {
    for (const verb of ['HELP', 'NOOP', 'STAT'] as const) {
      const code = { HELP: 214, NOOP: 200, STAT: 211 }[verb]
      const { dialogue } = hear(script(`S: 220 x\nC: RETR a\nS: 150 go\nC: ${verb}\nS: ${code} y\nS: 226 done`))
      expect(outline(dialogue)).toEqual(['- 220', 'RETR 150 226', `${verb} ${code}`])
    }
  })

  it('is over when the next one begins, even if its end was not captured', () => {
    const { dialogue } = hear(script('S: 220 x\nC: RETR a\nC: RETR b\nS: 150 a\nS: 150 b\nS: 226 b'))
    expect(outline(dialogue)).toEqual(['- 220', 'RETR 150', 'RETR 150 226'])
  })

  it('has no announcement if the only one was refused', () => {
    const { dialogue } = hear([
      ...script('S: 220 x'),
      client('PORT 10,0,0,2,4,1\r\nLIST\r\n'),
      server('500 Illegal PORT command.\r\n425 Use PORT first.\r\n'),
    ])
    expect(dialogue.transfers).toMatchObject([{ announcement: null }])
  })
})
