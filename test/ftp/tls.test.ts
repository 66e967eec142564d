import { describe, expect, it } from 'vitest'
import { client, hear, outline, script, server, type HearOptions, type Speech } from './talk.js'

type Part = string | Speech | { gap: 'client' | 'server'; length: number }
const hearAll = (parts: Part[], options?: HearOptions) =>
  hear(
    parts.flatMap((part) => (typeof part === 'string' ? script(part) : [part])),
    options,
  )

/** A TLS record (RFC 8446 §5.1) as a string of bytes. */
function record(type: number, body: string, version = 3): string {
  return String.fromCharCode(type, 3, version, body.length >> 8, body.length & 255) + body
}
const clientHello = record(22, '\x01' + '\n'.repeat(200), 1)
const serverHello = record(22, '\x02' + '\r\n220 no reply '.repeat(9))
const changeCipher = record(20, '\x01')
const finished = record(22, 'encrypted finished, 40 bytes of them....')
const data = (length = 60) => record(23, 'x'.repeat(length))
const AUTH = 'S: 220 x\nC: AUTH TLS\nS: 234 go'

describe('explicit TLS', () => {
  it.each(['TLS', 'SSL', 'tls', 'TLS-C', 'tls-p', ' TLS '])('begins after AUTH %s', (mechanism) => {
    const { dialogue } = hearAll([
      `S: 220 x\nC: AUTH ${mechanism}\nS: 234 go`,
      client(clientHello),
      server(serverHello),
    ])
    expect(dialogue).toMatchObject({
      security: 'explicit-tls',
      opaqueFrom: { frame: 4 },
      clientHello: null,
      login: 'unknown',
      tls: { clientHello: { frame: 4 }, serverHello: { frame: 5 }, alerts: [], records: [], established: false },
    })
    expect(outline(dialogue)).toEqual(['- 220', 'AUTH 234'])
  })

  it('protects data without PROT after AUTH SSL, but only with PROT after AUTH TLS', () => {
    expect(hearAll(['S: 220 x\nC: AUTH SSL\nS: 234 go']).dialogue.protectedData).toBe(true)
    expect(hearAll([AUTH]).dialogue.protectedData).toBe(false)
  })

  it('is established when both sides have sent Finished, in TLS 1.2 and in TLS 1.3', () => {
    const upTo = (last: Part[]) =>
      hearAll([AUTH, client(clientHello), server(serverHello), ...last]).dialogue.tls?.established
    expect(upTo([client(changeCipher + finished)])).toBe(false)
    expect(upTo([client(changeCipher + finished), server(changeCipher + finished)])).toBe(true)
    expect(upTo([server(changeCipher + data()), client(changeCipher + data())])).toBe(true)
    // TLS 1.3: a client that rejects the certificate sends a short encrypted alert instead of its Finished.
    expect(upTo([server(changeCipher + data()), client(changeCipher + data(19))])).toBe(false)
  })

  it('shows alerts, and their content if not encrypted', () => {
    const { dialogue } = hearAll([
      AUTH,
      client(clientHello),
      server(record(21, '\x02\x28')),
      client(record(21, 'encrypted alert')),
    ])
    expect(dialogue.tls?.alerts).toMatchObject([
      { frame: 5, direction: 1, level: 2, description: 40 },
      { frame: 6, direction: 0, level: null, description: null },
    ])
  })

  it('does not begin if AUTH is refused, or if the client continues in clear text', () => {
    const refused = hearAll(['S: 220 x\nC: AUTH TLS\nS: 530 no\nC: USER a\nS: 331 p']).dialogue
    expect(refused).toMatchObject({ security: 'none', opaqueFrom: null, tls: null })
    expect(outline(refused)).toEqual(['- 220', 'AUTH 530', 'USER 331'])
    const ignored = hearAll([AUTH + '\nC: USER a\nS: 331 p']).dialogue
    expect(ignored.security).toBe('none')
    expect(outline(ignored)).toEqual(['- 220', 'AUTH 234', 'USER 331'])
  })

  it('includes commands and replies that were sent in the clear after AUTH', () => {
    const { dialogue } = hearAll([
      'S: 220 x',
      client('AUTH TLS\r\nUSER injected\r\n'),
      server('234 go\r\n331 injected\r\n'),
      client(clientHello),
    ])
    expect(outline(dialogue)).toEqual(['- 220', 'AUTH 234', 'USER 331'])
    expect(dialogue.security).toBe('explicit-tls')
  })

  it('is recognized even if AUTH and its reply were not captured', () => {
    const { dialogue } = hearAll(['S: 220 x', { gap: 'client', length: 10 }, client(clientHello), server(serverHello)])
    expect(dialogue).toMatchObject({ security: 'explicit-tls', clientHello: null })
  })

  it('ends with CCC', () => {
    const { dialogue } = hearAll([
      AUTH,
      client(clientHello),
      server(serverHello + changeCipher + data()),
      client(changeCipher + data() + data()),
      server(data(30)),
      client('PASV\r\n'),
      server('227 ok (192,0,2,9,195,80)\r\n'),
    ])
    expect(dialogue).toMatchObject({ security: 'explicit-tls', clearAgain: true, opaqueFrom: { frame: 4 } })
    expect(outline(dialogue)).toEqual(['- 220', 'AUTH 234', 'PASV 227'])
    expect(dialogue.announcements).toMatchObject([{ port: 50_000 }])
  })

  it('may be given up by the server, which is not CCC', () => {
    const { dialogue } = hearAll([
      AUTH,
      client(clientHello),
      server(record(21, '\x02\x28')),
      server('500 OOPS: SSL\r\n'),
    ])
    expect(dialogue.clearAgain).toBe(false)
    expect(outline(dialogue)).toEqual(['- 220', 'AUTH 234', '- 500'])
  })

  it('stays opaque across gaps, and is not misread as text', () => {
    const noise = '\r\n220 not a reply\r\nUSER nobody\r\n'.repeat(20)
    const { dialogue } = hearAll([
      AUTH,
      client(clientHello),
      server(serverHello),
      { gap: 'server', length: 1000 },
      server(noise + record(23, noise)),
      { gap: 'client', length: 10 },
      client(noise + record(23, noise)),
    ])
    expect(outline(dialogue)).toEqual(['- 220', 'AUTH 234'])
  })

  it('keeps its framing across a gap inside a record, so that CCC is seen', () => {
    const long = record(23, 'x'.repeat(1000))
    const { dialogue } = hearAll([
      AUTH,
      client(clientHello + long.slice(0, 300)),
      { gap: 'client', length: 500 },
      client(long.slice(800)),
      client('NOOP\r\n'),
    ])
    expect(outline(dialogue)).toEqual(['- 220', 'AUTH 234', 'NOOP'])
  })

  it('is opaque even if its first record is missing', () => {
    const { dialogue } = hearAll([AUTH, { gap: 'client', length: 300 }, client('abc\r\nUSER x\r\n')])
    expect(dialogue).toMatchObject({ security: 'explicit-tls', opaqueFrom: { frame: 4 } })
    expect(outline(dialogue)).toEqual(['- 220', 'AUTH 234'])
  })
})

describe('implicit TLS', () => {
  it('is a ClientHello before any reply', () => {
    const { dialogue } = hearAll([client(clientHello), server(serverHello)])
    expect(dialogue).toMatchObject({
      security: 'implicit-tls',
      clientHello: { frame: 1 },
      protectedData: true,
      login: 'unknown',
      otherProtocol: null,
    })
    expect(dialogue.exchanges).toEqual([])
  })

  it('may use the framing of SSL 2.0', () => {
    const body = '\x01\x03\x01' + '\0'.repeat(43)
    const { dialogue } = hearAll([client('\x80' + String.fromCharCode(body.length) + body), server(serverHello)])
    expect(dialogue).toMatchObject({
      security: 'implicit-tls',
      tls: { clientHello: { frame: 1 }, serverHello: { frame: 2 } },
    })
  })

  it('is not in use if the server greets in clear text', () => {
    const { dialogue } = hearAll([client(clientHello), server('220 ready\r\n')])
    expect(dialogue).toMatchObject({ security: 'none', clientHello: { frame: 1 }, protectedData: false })
    expect(outline(dialogue)).toEqual(['- 220'])
  })

  it('is assumed by port in a session captured from its middle', () => {
    expect(hearAll([client(data())], { implicitTls: true }).dialogue.security).toBe('implicit-tls')
    expect(hearAll([client(data())]).dialogue.security).toBe('explicit-tls')
  })

  it('is recognized if the server answers clear text with TLS', () => {
    const { dialogue } = hearAll(['C: USER a', server(record(21, '\x02\x0a'))])
    expect(dialogue.otherProtocol).toEqual({ name: 'TLS', frame: 2 })
    expect(dialogue.security).toBe('none')
  })
})

describe('GSSAPI', () => {
  it('hides what follows the security exchange', () => {
    const { dialogue } = hearAll([
      `S: 220 x
       C: AUTH GSSAPI
       S: 334 ADAT must follow
       C: ADAT YII=
       S: 335 ADAT=YGg=
       C: ADAT YGg=
       S: 235 done
       C: ENC abcd
       S: 632 efgh
       C: MIC abcd
       S: 631 efgh`,
    ])
    expect(outline(dialogue)).toEqual(['- 220', 'AUTH 334', 'ADAT 335', 'ADAT 235'])
    expect(dialogue).toMatchObject({ opaqueFrom: { frame: 7 }, security: 'gssapi', login: 'accepted' })
  })
})
