import { describe, expect, it } from 'vitest'
import type { Dialogue } from '../../../src/ftp/model.js'
import { hideSecrets } from '../../../src/ftp/secrets/hide-secrets.js'
import { hear, script } from '../talk.js'

const heard = (text: string, midstream = false): Dialogue => {
  const { dialogue } = hear(script(text))
  hideSecrets(dialogue, midstream)
  return dialogue
}

/** The dialogue as reports show it, a line each. */
function shown(text: string, midstream = false): string[] {
  return heard(text, midstream).exchanges.flatMap(({ command, argument, replies }) => [
    ...(command === null ? [] : [argument === null ? command : `${command} ${argument}`]),
    ...replies.map((reply) => `${reply.code} ${reply.text}`),
  ])
}

const login = (pass: string, reply: string) =>
  shown(`S: 220 ready\nC: USER alice\nS: 331 Please specify the password.\nC: ${pass}\nS: ${reply}`).slice(3)

describe('A secret argument', () => {
  it.each([
    ['PASS hunter2', 'PASS ***'],
    ['pass hunter2', 'PASS ***'],
    ['PASS\thunter2', 'PASS ***'],
    ['PASSWD hunter2', 'PASSWD ***'],
    ['PASSWORD hunter2', 'PASSWORD ***'],
    ['PASS:hunter2', 'PASS ***'],
    ['PASS\0hunter2', 'PASS ***'],
    ['P\xf2ASS hunter2', 'PASS ***'],
    ['quote PASS hunter2', 'QUOTE PASS ***'],
    ['ACCT hunter2', 'ACCT ***'],
    ['ADAT aHVudGVy', 'ADAT ***'],
    ['XAUT 2 0123abcd', 'XAUT ***'],
    ['AUTH PLAIN AGFsaWNlAGh1bnRlcjI=', 'AUTH PLAIN ***'],
    ['AUTH TLS', 'AUTH TLS'],
    ['SITE PSWD old1 hunter2', 'SITE PSWD ***'],
    ['SITE GPASS hunter2', 'SITE GPASS ***'],
    ['SITE EXEC passwd hunter2', 'SITE EXEC passwd ***'],
    ['PWD hunter2', '***'],
    ['USER bob@host:hunter2', 'USER bob@host:***'],
    ['SITE CHMOD 644 file', 'SITE CHMOD 644 file'],
    ['USER bob hunter2', 'USER bob ***'],
    ['USER bob:hunter2@host', 'USER bob:***@host'],
    ['USER bob@host:2121', 'USER bob@host:2121'],
    ['USER bob:)', 'USER bob:)'],
    ['CWD ftp://bob:hunter2@host/x', 'CWD ftp://bob:***@host/x'],
    ['CWD ftp://host/x@y', 'CWD ftp://host/x@y'],
    ['PASS', 'PASS'],
  ])('%j is shown as %j', (line, expected) => {
    expect(login(line, '500 no')[0]).toBe(expected)
  })

  it.each(['PASShunter2', 'hunter2', 'SS hunter2', 'OPEN host bob hunter2', 'SETPASS hunter2', 'PÄSSWÖRT1'])(
    'makes all of %j stars: it may be the secret alone',
    (line) => {
      expect(login(line, '500 no')[0] ?? '***').toMatch(/^\*\*\*|^500/)
    },
  )

  it('that is the next line after PASS is found in replies, whatever it looks like', () => {
    const lines = shown('S: 220 x\nC: USER a\nS: 331 p\nC: PASS\nS: 331 again\nC: hunterhunter\nS: 500 hunterhunter?')
    expect(lines.slice(-2)).toEqual(['***', '500 ***?'])
  })

  it('leaves unknown verbs after a login', () => {
    const lines = shown('S: 220 x\nC: USER a\nS: 331 p\nC: PASS hunter2\nS: 230 ok\nC: XYZZY now\nS: 500 what')
    expect(lines.at(-2)).toBe('XYZZY now')
  })
})

describe('A secret that a server repeats', () => {
  it.each([
    ['PASS hunter2', '530 Password "hunter2" is wrong', '530 Password "***" is wrong'],
    ['PASS hunter2', '530 no HUNTER2', '530 no ***'],
    ['PASS -hunter2', '530 hunter2 is wrong', '530 *** is wrong'],
    ['PASS --hunter2 ', '530 hunter2 is wrong', '530 *** is wrong'],
    ['PASS old1st/hunter2/hunter2', '530 not hunter2, not old1st', '530 not ***, not ***'],
    ['PASS hunter2@proxypw', '530 login hunter2 failed', '530 login *** failed'],
    ['PASS alice hunter2', '530 bad hunter2', '530 bad ***'],
    ['PASS "hunter2"', '530 bad hunter2', '530 bad ***'],
    ['PASS a.*(b[c]|$1', '530 No: a.*(b[c]|$1!', '530 No: ***!'],
    ['PASS p\xc3\xa4sswort', '530 no p\xe4sswort', '530 no ***'],
    ['PASS p\xe4sswort', '530 no p\xc3\xa4sswort', '530 no ***'],
    ['PASS p\xc3\xa4sswort', '530 no pa\xcc\x88sswort', '530 no ***'],
    ['PASS p\xc3\xa4sswort', '530 no p\xc3\x83\xc2\xa4sswort', '530 no ***'],
    ['PASS stra\xc3\x9fe', '530 no STRASSE', '530 no ***'],
    ['PASS hunter2', '530 no /x?p=%68unter%32', '530 no /x?p=***'],
    ['PASS hunter2', '530 no aHVudGVyMg==', '530 no ***=='],
    ['PASS hunter2', '530 no hun\xe2\x80\x8bter2', '530 no ***'],
    ['PASS hunter2', '530 unknown command hunte...', '530 unknown command ***...'],
    ['PASS hunter2', "500 'hunte' not understood", "500 '***' not understood"],
    ['PASS,hunter2', '500 no hunter2', '500 no ***'],
    ['PASS\xc2\xa0hunter2', '500 no hunter2', '500 no ***'],
    ['"PASS hunter2"', '500 no hunter2', '500 no ***'],
    ['LOGIN alice one two', "500 'one two' not understood", "500 '***' not understood"],
    ['OPEN ftp://bob:hunter2@host', '500 no hunter2', '500 no ***'],
  ])('%j: %j becomes %j', (pass, reply, expected) => {
    expect(login(pass, reply)[1]).toBe(expected)
  })

  it('is found where a line break of the reply divides it', () => {
    expect(login('PASS hunter2', '530-bad hun\nS:  ter2 here\nS: 530 end')[1]).toBe('530 bad ***\n *** here\nend')
  })

  it('takes the word that it is part of with it', () => {
    expect(login('PASS hunter2', '530 xhunter2y is wrong')[1]).toBe('530 *** is wrong')
  })

  it('is found at the end of a text that may be cut', () => {
    const reply = `530 ${'x'.repeat(130)} hunt`
    expect(login('PASS hunter2', reply)[1]).toBe(`530 ${'x'.repeat(130)} ***`)
  })

  it('is found in replies, arguments and names of the whole session', () => {
    const dialogue = heard(`
      S: 220 ready
      C: USER alice
      S: 331 p
      C: PASS hunter2
      S: 230 ok
      C: CLNT hunter2
      S: 200 ok
      C: STOR hunter2.txt
      S: 425 no
    `)
    expect(dialogue.clientSoftware).toBe('***')
    expect(dialogue.transfers[0]!.path).toBe('***.txt')
  })

  it('that is short is searched for in the replies to it only', () => {
    const lines = shown('S: 220 x9z\nC: USER alice\nS: 331 p\nC: PASS x9z\nS: 530 not x9z\nC: NOOP\nS: 200 x9z here')
    expect(lines.slice(-3)).toEqual(['530 not ***', 'NOOP', '200 x9z here'])
  })

  it('is found among more than 256', () => {
    const guesses = Array.from({ length: 300 }, (_, at) => `C: PASS guess${at}xyz\nS: 530 not guess${at}xyz`)
    const lines = shown(`S: 220 x\nC: USER alice\nS: 331 p\n${guesses.join('\n')}\nC: NOOP\nS: 200 first guess0xyz`)
    expect(lines.join('\n')).not.toContain('xyz')
  })
})

describe('A text that does not depend on the secret', () => {
  it.each([
    ['password', '530 Login or password incorrect!'],
    ['incorrect', '530 Login incorrect.'],
    ['word', '530 Password wrong, crosswords too'.replace(', crosswords too', '')],
    ['1234', '150 Opening BINARY mode data connection for x (1234 bytes).'],
    ['1234', '213 20241234'],
    ['---', '220---- welcome'],
    ['FTP server', '220 FTP server ready.'],
    ['Login incorrect', '530 Login incorrect.'],
    ['incorrectly', '530 Login incorrect'],
    ['pass', "500 'PASS' not understood"],
    ['1234', '213 1234'],
  ])('with the secret %j: %j is as it was', (secret, reply) => {
    expect(login(`PASS ${secret}`, reply).at(-1)).toBe(reply.replace('220---- ', '220 --- '))
  })

  it('is a stock sentence, unless the word stands where a server repeats what it was sent', () => {
    expect(login('PASS password', "500 'password' not understood")[1]).toBe("500 '***' not understood")
    expect(login('PASS password', '530 Login incorrect: password')[1]).toBe('530 Login incorrect: ***')
    expect(login('PASS password', '530 Login incorrect for alice/password')[1]).toBe(
      '530 Login incorrect for alice/***',
    )
  })

  it('is an announcement, whose numbers decide where a data connection goes', () => {
    const lines = shown(`
      S: 220 x
      C: USER a
      S: 331 p
      C: PASS 10,0,0,5
      S: 230 ok
      C: PASV
      S: 227 Entering Passive Mode (10,0,0,5,195,80)
      C: PORT 10,0,0,5,195,81
      S: 200 ok
    `)
    expect(lines).toContain('227 Entering Passive Mode (10,0,0,5,195,80)')
    expect(lines).toContain('PORT 10,0,0,5,195,81')
  })
})

describe('A user name', () => {
  it('that is also the password of that login is shown, with which stars elsewhere would tell the password', () => {
    const { user, exchanges } = heard('S: 220 x\nC: USER alice\nS: 331 p\nC: PASS Alice\nS: 230 User alice logged in')
    expect(user).toBe('alice')
    expect(exchanges.at(-1)!.replies[0]!.text).toBe('User alice logged in')
  })

  it('that is the password of another login is not', () => {
    const { user } = heard('S: 220 x\nC: USER alice\nS: 331 p\nC: PASS hunter2\nS: 530 no\nC: USER hunter2\nS: 331 p')
    expect(user).toBe('***')
  })

  it('that contains the password, or begins like it, is shown', () => {
    const { user } = heard('S: 220 x\nC: USER alice\nS: 331 p\nC: PASS alic\nS: 530 no alice')
    expect(user).toBe('alice')
  })
})

describe('A secret of which the capture lacks a part', () => {
  it('hides what is not known in the reply to it', () => {
    expect(shown('C: SS hunter2\nS: 530 bad xyhunter2 for Sesame', true)).toEqual(['***', '530 bad *** for ***'])
  })

  it('is found by what was captured before and after a hole', () => {
    const { dialogue } = hear([
      ...script('S: 220 x\nC: USER alice\nS: 331 p'),
      { from: 'client', bytes: new TextEncoder().encode('PASS hun') },
      { gap: 'client', length: 3 },
      ...script('C: RET2\nS: 530 bad\nC: NOOP\nS: 200 hunterSECRET2, hunger'),
    ])
    hideSecrets(dialogue, false)
    expect(dialogue.exchanges.at(-1)!.replies[0]!.text).toBe('***, hunger')
  })
})

describe('A session that is not FTP', () => {
  it('shows names of commands, and of replies those before the first command', () => {
    const lines = shown(`
      S: 220 mx ESMTP
      C: EHLO x
      S: 250 mx
      C: AUTH PLAIN AGFsaWNlAGh1bnRlclNFQ1JFVDI=
      S: 235 ok
      C: AUTH LOGIN
      S: 334 VXNlcm5hbWU6
      C: aHVudGVyU0VDUkVUMg==
      S: 535 no
      C: HELP
      S: 214 x
    `)
    expect(lines).toEqual('220 mx ESMTP,EHLO,250 ***,AUTH,235 ***,AUTH,334 ***,***,535 ***,HELP,214 ***'.split(','))
  })

  it('shows the command of IMAP, not its tag, and nothing that a person types in Telnet', () => {
    expect(shown('S: * OK ready\nC: a1 LOGIN alice hunter2\nS: a1 NO hunter2')).toEqual(['LOGIN'])
    const { dialogue } = hear([{ from: 'server', bytes: Uint8Array.of(255, 253, 24) }, ...script('C: alice\nC: quit')])
    hideSecrets(dialogue, false)
    expect(dialogue.exchanges.map(({ command }) => command)).toEqual(['***', '***'])
  })

  it('has no user', () => {
    expect(heard('S: +OK POP3\nC: USER alice\nS: +OK').user).toBeNull()
  })
})
