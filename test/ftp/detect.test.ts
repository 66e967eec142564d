import { describe, expect, it } from 'vitest'
import { isFtp, looksLikeGreeting } from '../../src/ftp/recognition/detect.js'
import { isKnownVerb } from '../../src/ftp/verbs.js'
import { client, hear, latin1, script, server } from './talk.js'

describe('looksLikeGreeting', () => {
  it.each([
    ['220 ready', true],
    ['220-Welcome', true],
    ['220', false],
    ['2200 ', false],
    ['221 bye', false],
    ['SSH-2.0-x', false],
  ])('%j: %s', (text, expected) => {
    const bytes = latin1('##' + text)
    expect(looksLikeGreeting(bytes, 2, bytes.length)).toBe(expected)
  })
})

describe('classifyControl', () => {
  it.each([
    ['FTP', 'S: 220 x\nC: USER a', 'ftp'],
    ['FTP that begins with AUTH', 'S: 220 x\nC: AUTH TLS', 'ftp'],
    ['FTP that begins with HOST', 'S: 220 x\nC: HOST ftp.example', 'ftp'],
    ['FTP after a long greeting', 'S: 220-x\nS: 220-y\nS: 220 z\nC: FEAT', 'ftp'],
    ['FTP from the middle', 'C: PASV\nS: 227 ok (1,2,3,4,5,6)', 'ftp'],
    ['FTP on a host that names SMTP', 'S: 220 smtp and ftp (SMTP too)\nC: USER a\nS: 331 p', 'ftp'],
    ['a greeting only', 'S: 220 x', 'undecided'],
    ['a greeting and a shared verb', 'S: 220 x\nC: HELP\nS: 214 y\nC: QUIT\nS: 221 z', 'undecided'],
    ['SMTP', 'S: 220 mx.example ESMTP Postfix\nC: EHLO a', 'other'],
    ['SMTP whose greeting does not name it', 'S: 220 mx.example\nC: HELO a\nS: 250 hi\nC: MAIL FROM:<a@b>', 'other'],
    ['SMTP that skips EHLO', 'S: 220 mx.example\nC: MAIL FROM:<a@b>', 'other'],
    ['LMTP', 'S: 220 x\nC: LHLO a', 'other'],
    ["VMware's daemon", 'S: 220 VMware Authentication Daemon Version 1.10: SSL Required\nC: USER a', 'other'],
    ['unknown verbs', 'S: 220 x\n' + 'C: FOO\n'.repeat(9), 'other'],
    ['HTTP', 'C: GET / HTTP/1.1\nC: Host: a', 'other'],
    ['data that looks like a command', 'C: STOR payload', 'undecided'],
    ['FTP whose MAIL takes a user', 'S: 220 x\nC: MAIL alice\nC: USER a', 'ftp'],
    ['an AUTH without a mechanism', 'S: 220 x\nC: AUTH', 'undecided'],
    ['MAIL without an argument', 'S: 220 x\nC: MAIL', 'undecided'],
    ['a server with many unsolicited replies', 'S: 150 x\nS: 226 y\n'.repeat(40), 'other'],
  ])('recognizes %s', (_, lines, kind) => {
    const heard = hear(script(lines))
    expect(heard.kind).toBe(kind)
    expect(isFtp(heard.dialogue)).toBe(kind === 'ftp')
  })
})

describe('otherProtocol', () => {
  it.each([
    ['SSH', [server('SSH-2.0-OpenSSH_9.2\r\n'), server('\0\0\x01\n\x05\n\x06\n\x07\n\x14garbage')]],
    ['HTTP', [client('GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n'), server('HTTP/1.1 200 OK\r\n')]],
    ['HTTP', [server('HTTP/1.0 400 Bad Request\r\n')]],
    ['POP3', [server('+OK ready\r\n')]],
    ['IMAP', [server('* OK [CAPABILITY IMAP4rev1] ready\r\n')]],
    ['SMTP', [server('220 mx.example ESMTP\r\n')]],
    ['SMTP', [client('EHLO a\r\n')]],
    ['Telnet', [server('\xff\xfd\x18\xff\xfd\x20login: ')]],
    ['Telnet', [server('\xff\xfa\x25\x02\x02\xff\xf0')]],
    ['MySQL', [server('J\0\0\0\n8.0.36\0\x08\0\0\0abcdefgh\0')]],
    ['SMB', [server('\0\0\0\x55\xffSMBr\0\0\0\0\x98\x01\x28')]],
    ['SMB', [server('\0\0\0\x55\xfeSMB@\0\0\0\0\0\0\0')]],
    ['RDP', [server('\x03\0\0\x13\x0e\xd0\0\0\x12\x34\0\x02\x1f\x08\0\x02')]],
    [undefined, [server('\0\0\0\x55\xffSPB............')]],
    [undefined, [server('\x03\0\0\x13\x0e\xe0\0\0............')]],
    ['VNC', [server('RFB 003.008\n')]],
    ['rsync', [server('@RSYNCD: 31.0\n')]],
  ])('names %s', (name, speeches) => {
    expect(hear(speeches).dialogue.otherProtocol?.name).toBe(name)
  })

  it('is not overruled by bytes that look like TLS', () => {
    const { dialogue } = hear([
      server('SSH-2.0-x\r\n'),
      server('\x01\n\x02\n\x03\n\x04\n\x17\x03\x03\0\x20' + 'x'.repeat(40)),
    ])
    expect(dialogue).toMatchObject({ security: 'none', otherProtocol: { name: 'SSH' } })
  })

  it.each([
    ['an SSH banner inside FTP', 'S: 220 x\nC: USER a\nS: 331 p\nC: PASS b\nS: SSH-2.0-mod_sftp/0.9.7'],
    ['an HTTP request after the greeting', 'S: 220 x\nC: USER a\nS: 331 p\nC: GET / HTTP/1.0\nS: 500 what'],
    ['HTTP in a greeting', 'S: 220-See also\n HTTP http://ftp.example\nS: 220 x'],
    ['a greeting that mentions mail', 'S: 220-mail to smtp-admin\nS: 220 x\nC: USER a\nS: 331 p'],
  ])('is not %s', (_, lines) => {
    expect(hear(script(lines)).dialogue.otherProtocol).toBeNull()
  })

  it('is withdrawn if a server negotiates Telnet options and then greets', () => {
    expect(hear([server('\xff\xfb\x01'), server('220 ready\r\n')]).dialogue.otherProtocol).toBeNull()
  })
})

describe('verbs', () => {
  it.each(['RETR', 'XMKD', 'LPRT', 'ADAT', 'OPTS', 'EPSV', 'LANG', 'MLST', 'HOST', 'CLNT', 'SPSV', 'XSHA256', 'THMB'])(
    'include %s',
    (verb) => {
      expect(isKnownVerb(verb)).toBe(true)
    },
  )
  it('do not include properties of JavaScript objects', () => {
    expect(isKnownVerb('constructor')).toBe(false)
    expect(hear([client('__proto__ x\r\nconstructor\r\n')]).dialogue.exchanges).toHaveLength(2)
  })
})
