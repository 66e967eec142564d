/** Dialogues whose form one side cannot read: it leaves or falls silent, and no firewall is to blame. */
import { describe, expect, it } from 'vitest'
import { announcementFamilyMismatch } from '../../src/diagnose/rules/passive/announcement-family-mismatch.js'
import { announcementMalformed } from '../../src/diagnose/rules/passive/announcement-malformed.js'
import { greetingMalformed } from '../../src/diagnose/rules/control/greeting-malformed.js'
import { lineEndMalformed } from '../../src/diagnose/rules/control/line-end-malformed.js'
import { announcementSwallowed } from '../../src/diagnose/rules/middleboxes/announcement-swallowed.js'
import { passiveNotAttempted } from '../../src/diagnose/rules/passive/passive-not-attempted.js'
import { proxyProtocolHeader } from '../../src/diagnose/rules/control/proxy-protocol-header.js'
import { replyOutOfStep } from '../../src/diagnose/rules/control/reply-out-of-step.js'
import { uploadEmpty } from '../../src/diagnose/rules/transfers/upload-empty.js'
import {
  ask,
  command,
  dial,
  type FtpSession,
  list,
  listing,
  login,
  pasv,
  port,
  quit,
  reply,
  retrieve,
  store,
} from '../support/ftp-scene.js'
import { atClient, atClientOverIpv6, atServer } from '../support/places.js'
import { verdictOn } from './observe.js'
import { leave, observed, played, says, spoken } from './played.js'

const TUPLE = '203,0,113,20,195,85'
const FIREWALL = /firewall|security software|open|forward/i

const outcome = (play: (session: FtpSession) => void) => {
  const { outcome: what, cause } = verdictOn(played(atClient(''), play))
  return [what, cause]
}
const greeted = (play: (session: FtpSession) => void) => {
  const { outcome: what, cause } = verdictOn(spoken(atClient(''), play))
  return [what, cause]
}

describe('a reply to PASV or EPSV that the client cannot use', () => {
  it.each([
    ['no-parentheses', 'PASV', `227 ${TUPLE}`],
    ['no-parentheses', 'PASV', `227 Entering Passive Mode =${TUPLE}.`],
    ['no-parentheses', 'EPSV', '229 Extended passive mode |||50005|'],
    ['several-lines', 'PASV', `227-Entering Passive Mode\r\n227 (${TUPLE})`],
    ['spaces', 'PASV', `227 Entering Passive Mode (${TUPLE.replaceAll(',', ', ')})`],
    ['address-in-229', 'EPSV', '229 Extended Passive Mode (|1|203.0.113.20|50005|)'],
  ])('is the cause if the client leaves at once: %s, %s answered with %s', (oddity, verb, answer) => {
    const play = (session: FtpSession) => {
      ask(session, verb, answer)
      leave(session)
    }
    const [found] = observed(announcementMalformed, atClient(''), play)
    expect(found).toMatchObject({ confidence: 'medium', severity: 'error', fact: { kind: 'unusual', oddity } })
    expect(found?.remedy.join('; ')).toContain(verb === 'PASV' ? 'use EPSV instead' : 'use PASV instead')
    expect(found?.remedy.join('; ')).not.toMatch(FIREWALL)
    expect(outcome(play)).toEqual(['failed', 'announcement-malformed'])
  })

  it('is the cause after a wait, too, if the capture would show the SYN', () => {
    const play = (session: FtpSession) => {
      ask(session, 'PASV', `227 ${TUPLE}`)
      session.scene.wait(15_000)
      quit(session)
    }
    expect(outcome(play)).toEqual(['failed', 'announcement-malformed'])
    expect(verdictOn(played(atServer(''), play)).cause).toBe('passive-not-attempted')
  })

  it('has another remedy over IPv6, where PASV is no way out', () => {
    const [found] = observed(announcementFamilyMismatch, atClientOverIpv6(''), (session) => {
      ask(session, 'EPSV', `227 Entering Passive Mode (${TUPLE})`)
      leave(session)
    })
    expect(found?.remedy[0]).toContain('connect over IPv4')
  })

  it('is surer if the client tries another verb, and says nothing of one that it can use', () => {
    const [other] = observed(announcementMalformed, atClient(''), (session) => {
      ask(session, 'PASV', `227 ${TUPLE}`)
      ask(session, 'EPSV', '500 Unknown command.')
      quit(session)
    })
    expect(other?.confidence).toBe('high')
    const used = (session: FtpSession) => {
      ask(session, 'PASV', `227 ${TUPLE}`)
      const data = dial(session, 50_005)
      list(session, data)
      quit(session)
    }
    expect(outcome(used)).toEqual(['ok', null])
    const replaced = (session: FtpSession) => {
      ask(session, 'PASV', `227 ${TUPLE}`)
      listing(session, { verb: 'EPSV' })
      quit(session)
    }
    expect(outcome(replaced)).toEqual(['ok', null])
  })

  it('is the reply of another verb', () => {
    for (const [verb, answer, remedy] of [
      ['EPSV', `227 Entering Passive Mode (${TUPLE})`, 'use PASV instead of EPSV'],
      ['PASV', '229 Entering Extended Passive Mode (|||50005|)', 'use EPSV instead of PASV'],
    ] as const) {
      const play = (session: FtpSession) => {
        ask(session, verb, answer)
        session.scene.wait(20_000)
        leave(session)
      }
      const [found] = observed(announcementFamilyMismatch, atClient(''), play)
      expect(found).toMatchObject({ severity: 'error', harmless: false })
      expect(found?.remedy[0]).toContain(remedy)
      expect(outcome(play)).toEqual(['failed', 'announcement-family-mismatch'])
    }
  })

  it('is looked for in the last of several vain attempts', () => {
    const play = (session: FtpSession) => {
      for (let tries = 0; tries < 3; tries++) ask(session, 'EPSV', `227 Entering Passive Mode (${TUPLE})`)
      leave(session)
    }
    expect(outcome(play)).toEqual(['failed', 'announcement-family-mismatch'])
  })

  it('names a host where numbers belong, or has them in a line of their own, or names no port', () => {
    const message = (answer: string) => {
      const [found] = observed(announcementMalformed, atClient(''), (session) => {
        ask(session, 'PASV', answer)
        leave(session)
      })
      return `${found?.message} ${found?.remedy.join('; ')}`
    }
    for (const host of ['files.example.net', 'ftp://files.example.net', 'localhost'])
      expect(message(`227 Entering Passive Mode (${host},195,85)`)).toMatch(/not a host name.*pasv_address=203/)
    expect(message('227 Entering Passive Mode (203,0,113,20,195)')).not.toContain('host name')
    expect(message(`227 Entering Passive Mode\r\n(${TUPLE})`)).toContain('has no reply code')
    expect(message('200 OK')).toContain('the 200 reply names no address and port')
  })

  it('leaves nothing for a firewall if the client did not wait', () => {
    const [left] = observed(passiveNotAttempted, atClient(''), (session) => {
      pasv(session, 50_005)
      quit(session)
    })
    expect(left).toMatchObject({ side: 'client', fact: { kind: 'left' } })
    expect(left?.remedy.join()).not.toMatch(FIREWALL)
    const [elsewhere] = observed(passiveNotAttempted, atServer(''), (session) => {
      pasv(session, 50_005)
      quit(session)
    })
    expect(elsewhere?.fact.kind).toBe('not-attempted')
  })
})

describe('extended-passive-unsupported', () => {
  it('mentions what FEAT promised, and comes before a refusal of PORT', () => {
    const play = (session: FtpSession) => {
      ask(session, 'FEAT', '211-Features:\r\n EPSV\r\n211 End')
      ask(session, 'EPSV', '500 Unknown command.')
      port(session, 52_300, { reply: '500 Illegal PORT command.' })
      leave(session)
    }
    const { cause, sentence } = verdictOn(played(atClient(''), play))
    expect(cause).toBe('extended-passive-unsupported')
    expect(sentence).toContain('FEAT lists EPSV')
  })
})

describe('reply-out-of-step', () => {
  it.each<[string, (session: FtpSession) => void, string]>([
    [
      'CWD',
      (session) => {
        ask(session, 'CWD a', '200 OK\r\n250 Directory changed.')
      },
      '250 Directory changed.',
    ],
    [
      'PASS',
      (session) => {
        reply(session, '230 Welcome.', { think: 30 })
      },
      '230 Welcome.',
    ],
    [
      'RETR',
      (session) => {
        retrieve(session)
        reply(session, '226 Really complete.')
        ask(session, 'CWD a', '226 OK')
      },
      '226 Really complete.',
    ],
  ])(
    'names the second reply to %s if the client stops at the first command that goes wrong',
    (_verb, play, surplus) => {
      const [found] = observed(replyOutOfStep, atClient(''), (session) => {
        play(session)
        pasv(session, 50_006)
        leave(session)
      })
      expect(found).toMatchObject({ severity: 'error', confidence: 'high', fact: { kind: 'surplus', stopped: true } })
      expect(found?.evidence[0].note).toContain(surplus)
      expect(found?.message).toContain('as the reply to PASV, and stops')
      expect(found?.remedy.join()).not.toMatch(FIREWALL)
    },
  )

  it('finds a reply that crossed the next command', () => {
    const [found] = observed(replyOutOfStep, atClient(''), (session) => {
      ask(session, 'CWD a', '200 OK')
      command(session, 'PASV')
      reply(session, '250 Directory changed.')
      reply(session, `227 Entering Passive Mode (${TUPLE})`)
      leave(session)
    })
    expect(found?.fact).toMatchObject({ surplus: { code: 250 }, read: { code: 250 }, command: { command: 'PASV' } })
  })

  it('is only worth knowing for a client that discards stale replies', () => {
    const play = (session: FtpSession) => {
      reply(session, '230 Welcome.', { think: 30 })
      listing(session)
      quit(session)
    }
    expect(observed(replyOutOfStep, atClient(''), play)[0]).toMatchObject({ severity: 'info', harmless: true })
    expect(outcome(play)).toEqual(['ok', null])
  })

  it('takes no offence at 421, preliminary replies, ABOR and pipelining', () => {
    const found = observed(replyOutOfStep, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'RETR big', '150 Opening BINARY mode data connection.')
      data.server(3000)
      command(session, 'ABOR')
      reply(session, '426 Aborted.\r\n226 Closing.\r\n225 No transfer.')
      data.close('server')
      command(session, 'PWD')
      command(session, 'TYPE I')
      reply(session, '257 "/"\r\n200 Ok.')
      reply(session, '421 Timeout.', { think: 60_000 })
      session.control.close('server')
    })
    expect(found).toEqual([])
  })

  it('reports a command without a reply if the server answers the next one', () => {
    const [found] = observed(replyOutOfStep, atClient(''), (session) => {
      command(session, 'TYPE I')
      session.scene.wait(20_000)
      quit(session)
    })
    expect(found).toMatchObject({ fact: { kind: 'missing', next: { command: 'QUIT' } } })
    const prompt = observed(replyOutOfStep, atClient(''), (session) => {
      command(session, 'TYPE I')
      quit(session)
    })
    expect(prompt).toEqual([])
  })

  it('suspects a PROXY protocol header where the surplus reply is a refusal', () => {
    const [found] = says(replyOutOfStep, atClient(''), (session) => {
      reply(session, "220 Ready.\r\n500 'PROXY': command not understood.")
      ask(session, 'USER alice', '331 Password required.')
      leave(session)
    })
    expect(found?.remedy.join()).toContain('PROXY protocol')
  })
})

describe('greeting-malformed', () => {
  it.each<[string, (session: FtpSession) => void]>([
    [
      'no-code',
      (session) => {
        reply(session, 'Welcome')
      },
    ],
    [
      'no-code',
      (session) => {
        reply(session, 'Authorized use only\r\n220 Ready')
      },
    ],
    [
      'other-code',
      (session) => {
        reply(session, '230 Logged in.')
      },
    ],
    [
      'several',
      (session) => {
        reply(session, '220 Welcome\r\n220 Ready')
      },
    ],
    [
      'several',
      (session) => {
        reply(session, '220-Welcome\r\n220 Version 2')
        ask(session, 'USER alice', '220 Ready\r\n331 Password')
      },
    ],
    [
      'several',
      (session) => {
        reply(session, '220 Welcome')
        ask(session, 'USER alice', '220 Ready')
      },
    ],
    [
      'several',
      (session) => {
        reply(session, '220 Welcome')
        ask(session, 'USER alice', '220 Ready\r\n331 Password')
        ask(session, 'TYPE A', '200 Type set')
        ask(session, 'PASV', '227 Entering Passive Mode (203,0,113,20,195,80)')
      },
    ],
    [
      'several',
      (session) => {
        reply(session, '220 Welcome')
        ask(session, 'USER alice', '220 Ready')
        ask(session, 'TYPE A', '331 Password')
        ask(session, 'PASV', '200 Type set\r\n227 Entering Passive Mode (203,0,113,20,195,80)')
      },
    ],
    [
      'several',
      (session) => {
        reply(session, '220 Welcome\r\n220 to\r\n220 Example')
        ask(session, 'SYST', '215 UNIX Type: L8')
        ask(session, 'USER alice', '331 Password')
        ask(session, 'TYPE I', '200 Type set')
        ask(session, 'PASV', '227 Entering Passive Mode (203,0,113,20,195,80)')
        ask(session, 'LPSV', '502 Command not implemented')
      },
    ],
  ])('is the cause if the client leaves: %s', (kind, play) => {
    const left = (session: FtpSession) => {
      play(session)
      leave(session)
    }
    expect(says(greetingMalformed, atClient(''), left)[0]).toMatchObject({ severity: 'error', fact: { kind } })
    expect(greeted(left)).toEqual(['failed', 'greeting-malformed'])
  })

  it('tells a text with which the server closes from one that the client cannot read', () => {
    const [closed] = says(greetingMalformed, atClient(''), (session) => {
      reply(session, 'Access denied')
      session.control.close('server')
    })
    expect(closed?.fact).toMatchObject({ kind: 'no-code', text: 'Access denied', endedBy: 'server' })
  })

  it.each([
    '220-Welcome\r\n220-More\r\n220 Ready',
    '220-Welcome\r\n 550 is a number\r\nno code\r\n220 Ready',
    'Authorized use only\r\n220 Ready',
    '220 Welcome\r\n220 Ready',
  ])('does not trouble a client that continues: %j', (banner) => {
    const works = (session: FtpSession) => {
      login(session, { banner })
      listing(session)
      quit(session)
    }
    expect(greeted(works)).toEqual(['ok', null])
  })

  it('leaves port probes and other protocols alone', () => {
    const probe = (banner: string) =>
      says(greetingMalformed, atClient(''), (session) => {
        reply(session, banner)
        leave(session)
      })
    expect(probe('220 Ready.')).toEqual([])
    expect(probe('SSH-2.0-OpenSSH_9.2')).toEqual([])
    expect(probe('421 Too many connections.')).toEqual([])
  })
})

describe('line-end-malformed', () => {
  const FEAT = '211-Features:\n MDTM\n211 End\n'

  it.each([
    ['lf', FEAT],
    ['lf', '211-Features:\n MDTM\n211 End\r\n'],
    ['last-line', '211-Features:\r\n MDTM\r\n'],
    ['none', '211 No features'],
  ])('is the cause if the client then waits in vain: %s', (lack, answer) => {
    const ends: ((session: FtpSession) => void)[] = [
      leave,
      quit,
      (session) => {
        reply(session, '421 Timeout.')
        session.control.close('server')
      },
    ]
    // A line after it would end an unfinished one.
    for (const end of lack === 'lf' ? ends : ends.slice(0, 1)) {
      const play = (session: FtpSession) => {
        command(session, 'FEAT')
        session.control.server(answer)
        session.scene.wait(60_000)
        end(session)
      }
      const [found] = observed(lineEndMalformed, atClient(''), play)
      expect(found).toMatchObject({ side: 'server', confidence: 'medium', fact: { kind: 'reply', lack } })
      expect(outcome(play)).toEqual(['failed', 'line-end-malformed'])
    }
  })

  it.each([
    ['PWD\n', 'lf', 'medium'],
    ['PWD\r', 'none', 'high'],
    ['PWD', 'none', 'high'],
  ])('blames the client for a command for whose end the server waits: %j', (line, lack, confidence) => {
    const play = (session: FtpSession) => {
      session.control.client(line)
      session.scene.wait(30_000)
      leave(session)
    }
    expect(observed(lineEndMalformed, atClient(''), play)[0]).toMatchObject({
      side: 'client',
      confidence,
      fact: { kind: 'command', lack },
    })
    expect(outcome(play)).toEqual(['failed', 'line-end-malformed'])
  })

  it('does not mind LF that the other side accepts, a prompt end, or a slow reply', () => {
    const silent = (play: (session: FtpSession) => void) => {
      expect(observed(lineEndMalformed, atClient(''), play)).toEqual([])
    }
    silent((session) => {
      command(session, 'FEAT')
      session.control.server(FEAT)
      ask(session, 'PWD', '257 "/"')
      session.scene.wait(60_000)
      leave(session)
    })
    silent((session) => {
      session.control.client('PWD\n')
      reply(session, '257 "/"')
      session.scene.wait(60_000)
      leave(session)
    })
    silent((session) => {
      command(session, 'FEAT')
      session.control.server(FEAT)
      leave(session)
    })
    silent((session) => {
      command(session, 'FEAT')
      for (const line of ['211-Features:\r\n', ' MDTM\r\n', '211 End\r\n']) {
        session.control.server(line)
        session.scene.wait(8000)
      }
      listing(session)
      quit(session)
    })
  })
})

describe('proxy-protocol-header', () => {
  const HEADER = 'PROXY TCP4 198.51.100.7 203.0.113.20 52228 21'
  /** Signature, version and command, TCP over IPv4, and the addresses (The PROXY protocol, §2.2). */
  const BINARY = Uint8Array.from(
    [0x0d0a0d0a, 0x000d0a51, 0x5549540a, 0x2111000c, 0xc6336407, 0xcb007114, 0xcc040015].flatMap((word) => [
      word >>> 24,
      (word >>> 16) & 255,
      (word >>> 8) & 255,
      word & 255,
    ]),
  )

  it('is the cause if the server replies to it, or closes the connection', () => {
    const refused = (session: FtpSession) => {
      command(session, HEADER)
      reply(session, '220 Ready.\r\n500 PROXY not understood.')
      ask(session, 'USER alice', '331 Password required.')
      leave(session)
    }
    expect(says(proxyProtocolHeader, atServer(''), refused)[0]).toMatchObject({
      severity: 'error',
      fact: { kind: 'refused', version: 1, reply: { code: 500 } },
    })
    expect(greeted(refused)).toEqual(['failed', 'proxy-protocol-header'])
    // The greeting passed the header, and the client sent USER before the reply to the header came.
    const crossed = (session: FtpSession) => {
      command(session, HEADER)
      reply(session, '220 Ready.')
      ask(session, 'USER alice', '500 PROXY not understood.\r\n331 Password required.')
      leave(session)
    }
    expect(greeted(crossed)).toEqual(['failed', 'proxy-protocol-header'])
    const closed = says(proxyProtocolHeader, atServer(''), (session) => {
      command(session, HEADER)
      session.control.close('server')
    })
    expect(closed[0]?.fact).toMatchObject({ kind: 'closed', reply: null })
  })

  it('knows version 2 by its signature, which contains QUIT', () => {
    const [found] = says(proxyProtocolHeader, atServer(''), (session) => {
      session.control.client(BINARY)
      reply(session, '220 Ready.\r\n221 Goodbye.')
      session.control.close('server')
    })
    expect(found?.fact).toMatchObject({ kind: 'refused', version: 2, reply: { code: 221 } })
  })

  it.each([
    ['version 1', `${HEADER}\r\n`],
    ['version 2', BINARY],
  ])('is nothing to a server that knows the protocol: %s', (_version, header) => {
    const session = spoken(atServer(''), (each) => {
      each.control.client(header)
      login(each)
      listing(each)
      quit(each)
    })
    expect(verdictOn(session)).toMatchObject({ outcome: 'ok', cause: null })
    expect(session.dialogue.login).toBe('accepted')
  })
})

describe('upload-empty', () => {
  const upload = (play: (session: FtpSession, data: ReturnType<typeof dial>) => void) =>
    observed(uploadEmpty, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'STOR photo.jpg', '125 Data connection already open; transfer starting.')
      play(session, data)
    })

  it('warns if the client did not wait for the confirmation, and is worth knowing otherwise', () => {
    const [givenUp] = upload((session, data) => {
      data.close('client')
      command(session, 'QUIT')
      reply(session, '226 Transfer complete.\r\n221 Goodbye.')
      session.control.close('server')
    })
    expect(givenUp).toMatchObject({ severity: 'warning', fact: { kind: 'given-up', opening: { code: 125 } } })
    const [empty] = upload((session, data) => {
      data.close('client')
      reply(session, '226 Transfer complete.')
      quit(session)
    })
    expect(empty).toMatchObject({ severity: 'info', harmless: true, fact: { kind: 'empty' } })
  })

  it('says nothing of an upload of one byte', () => {
    const found = observed(uploadEmpty, atClient(''), (session) => {
      store(session, { data: 1 })
      quit(session)
    })
    expect(found).toEqual([])
  })
})

describe('announcement-swallowed', () => {
  const goodbye = (line: string, before: (session: FtpSession) => void) =>
    observed(announcementSwallowed, atServer(''), (session) => {
      before(session)
      session.control.unacknowledged('server', `${line}\r\n`, { attempts: 5, timeout: 200 })
      session.control.fin('client')
    })
  const asked = (session: FtpSession) => {
    listing(session)
    command(session, 'QUIT')
  }

  it('knows a goodbye with the code of an announcement, which an FTP helper drops', () => {
    const [found] = goodbye('227 Logout.', asked)
    expect(found).toMatchObject({ severity: 'warning', confidence: 'high', fact: { kind: 'no-announcement' } })
    expect(found?.message).toContain('"227 Logout."')
    expect(found?.remedy.join('; ')).toMatch(/nf_conntrack_ftp/)
    expect(found?.remedy.join('; ')).not.toMatch(/range of passive ports/)
    expect(goodbye('221 Logout.', asked)).toEqual([])
  })
})
