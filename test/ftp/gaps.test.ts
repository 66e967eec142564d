import { describe, expect, it } from 'vitest'
import { client, hear, outline, script, server } from './talk.js'

/** A dialogue up to the login, of which the reply to PASS is to come. */
const upToPass = [...script('S: 220 ready\nC: USER al\nS: 331 password'), client('PASS x\r\n')]

describe('a gap in the replies', () => {
  it('ends a multi-line reply, whose remaining lines are no other reply', () => {
    const { dialogue } = hear([
      ...upToPass,
      server('230-Welcome\r\n230-to th'),
      { gap: 'server', length: 100 },
      server('more\r\n of it\r\n230 Done\r\n'),
      client('PORT 10,0,0,2,195,80\r\n'),
      server('200 PORT ok\r\n'),
    ])
    expect(outline(dialogue)).toEqual(['- 220', 'USER 331', 'PASS 230', 'PORT 200'])
    expect(dialogue.exchanges[2]!.replies[0]).toMatchObject({
      text: 'Welcome\nto th',
      clipped: true,
      unfinished: false,
    })
    expect(dialogue.uncodedLine).toBeNull()
  })

  it('leaves a code and the words before it, marked', () => {
    const { dialogue } = hear([...upToPass, server('530 Log'), { gap: 'server', length: 10 }, client('QUIT\r\n')])
    expect(dialogue.exchanges[2]!.replies[0]).toMatchObject({ code: 530, text: 'Log', clipped: true })
    expect(dialogue.login).toBe('rejected')
  })

  it.each([
    ['257 "/" is the directory', 'accepted'],
    ['550 No such file', 'unknown'],
    ['530 Please login', 'rejected'],
  ])('hides the reply to PASS: "%s" then shows that the login was %s', (words, login) => {
    const { dialogue } = hear([...upToPass, { gap: 'server', length: 24 }, client('PWD\r\n'), server(`${words}\r\n`)])
    expect(dialogue.exchanges[2]!.replies).toEqual([])
    expect(dialogue.login).toBe(login)
  })
})

describe('a gap in the commands', () => {
  it.each([
    ['530 Login incorrect', 'rejected'],
    ['230 Welcome', 'accepted'],
    ['200 ok', 'unknown'],
  ])('hides PASS: "%s" without its command makes the login %s', (words, login) => {
    const { dialogue } = hear([
      ...script('S: 220 ready\nC: USER al\nS: 331 password'),
      { gap: 'client', length: 8 },
      server(`${words}\r\n`),
      client('QUIT\r\n'),
      server('221 Bye\r\n'),
    ])
    expect(outline(dialogue).at(-1)).toBe('QUIT 221')
    expect(dialogue.login).toBe(login)
  })

  it('leaves a verb only where a blank follows it, or where it is one', () => {
    const { dialogue } = hear([
      ...script('S: 220 ready'),
      client('RET'),
      { gap: 'client', length: 8 },
      client('\r\nSIZE a'),
      { gap: 'client', length: 8 },
      client('\r\nPASV'),
    ])
    expect(outline(dialogue)).toEqual(['- 220', 'SIZE', 'PASV'])
  })
})

describe('what is left of an announcement', () => {
  const announced = (words: string) => {
    const { dialogue } = hear([
      ...script('S: 220 ready'),
      client('PASV\r\n'),
      server(words),
      { gap: 'server', length: 9 },
    ])
    return dialogue.announcements[0]
  }

  it.each([
    ['227 Entering Passive Mode (192,0,2,9,195,8', '192.0.2.9', { low: 49_920, high: 50_175 }],
    ['227 Entering Passive Mode (192,0,2,9,195', '192.0.2.9', { low: 1, high: 65_535 }],
    ['227 Entering Passive Mode (192,0,2,9', null, { low: 1, high: 65_535 }],
    ['227 Enter', null, { low: 1, high: 65_535 }],
  ])('of "%s": address %s', (words, address, cutPorts) => {
    expect(announced(words)).toMatchObject({ accepted: true, address, port: null, cutPorts, malformed: null })
  })

  it('is whole where only the line end is missing', () => {
    expect(announced('227 Entering Passive Mode (192,0,2,9,195,80)')).toMatchObject({ port: 50_000, cutPorts: null })
    expect(announced('229 Extended (|||50000|)')).toMatchObject({ verb: 'PASV', port: 50_000, cutPorts: null })
  })
})
