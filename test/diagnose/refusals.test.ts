import { describe, expect, it } from 'vitest'
import { judge } from '../../src/diagnose/judge.js'
import { commandRefused } from '../../src/diagnose/rules/transfers/command-refused.js'
import { transferRefused } from '../../src/diagnose/rules/transfers/transfer-refused.js'
import { ask, type FtpSession, listing, login, pasv, quit, reply, retrieve, store } from '../support/ftp-scene.js'
import { atClient } from '../support/places.js'
import { analyzed as analyzedCapture } from '../property/essence.js'
import { observed, played, spoken } from './played.js'

type Exchanged = readonly [command: string, reply: string]

const CWD_REFUSED: Exchanged = ['CWD a', '550 Failed to change directory.']

function verdict(play: (session: FtpSession) => void) {
  const { outcome, cause, confidence } = judge(played(atClient(''), play)).verdict
  return { outcome, cause: cause?.id ?? null, confidence }
}

function analyzed(play: (session: FtpSession) => void) {
  const place = atClient('')
  played(place, play)
  return analyzedCapture(place.scene.toPcap())
}

/** Asks each, then quits. */
const asks =
  (...exchanged: Exchanged[]) =>
  (session: FtpSession) => {
    for (const [line, answer] of exchanged) ask(session, line, answer)
    quit(session)
  }

const commandReasons = (...exchanged: Exchanged[]) =>
  observed(commandRefused, atClient(''), asks(...exchanged)).map(({ fact }) => fact.reason.kind)

describe('what a refusal means for the outcome', () => {
  it('is a failure if nothing that the user wanted succeeded', () => {
    for (const refusal of [
      CWD_REFUSED,
      ['MKD a', '550 Create directory operation failed.'],
      ['DELE a', '550 Delete operation failed.'],
      ['SIZE a', '550 Could not get file size.'],
      ['SITE CHMOD 600 a', '550 SITE CHMOD command failed.'],
      ['REST 100', '501 REST not allowed.'],
    ] satisfies Exchanged[])
      expect(verdict(asks(refusal)), refusal[0]).toMatchObject({ outcome: 'failed', cause: 'command-refused' })
  })

  it('is a problem of a session in which something else succeeded', () => {
    const wanted = verdict((session) => {
      retrieve(session)
      asks(['DELE old', '550 Delete operation failed.'])(session)
    })
    expect(wanted).toMatchObject({ outcome: 'degraded', cause: 'command-refused' })
    const listed = verdict((session) => {
      listing(session)
      pasv(session, 50_010)
      asks(['RETR a', '550 Failed to open file.'])(session)
    })
    expect(listed).toMatchObject({ outcome: 'degraded', cause: 'transfer-refused' })
  })

  it('is unknown for a question while the client is still there', () => {
    const asked = (session: FtpSession) => {
      ask(session, 'SIZE report.bin', '550 Could not get file size.')
    }
    expect(verdict(asked)).toMatchObject({ outcome: 'ok', cause: null })
  })

  it('is told by the last of several questions about a file', () => {
    const found = observed(
      commandRefused,
      atClient(''),
      asks(['SIZE a', '550 No.'], ['MDTM a', '550 No.'], ['PRET RETR a', '550 No such file.']),
    )
    expect(found.map(({ fact }) => fact.command.command)).toEqual(['PRET'])
  })

  it('is told in the table of sessions, as far as there is room', () => {
    const refusal = (line: string, answer: string) =>
      analyzed(asks([line, answer])).sessions.map(({ verdict: { why } }) => why)
    expect(refusal('CWD a', '550 Not found.')).toEqual(['refused: CWD a (550 Not found.)'])
    const [long] = refusal(`CWD ${'a'.repeat(200)}`, '550 Not found.')
    expect(long).toMatch(/^refused: CWD a{43}… \(550 Not found\.\)$/)
  })

  it('is less certain where the capture ends with it', () => {
    const open = verdict((session) => {
      ask(session, ...CWD_REFUSED)
    })
    expect(open).toMatchObject({ outcome: 'failed', confidence: 'medium' })
  })

  it('is nothing if what follows shows that the client only probed', () => {
    const habits: Record<string, (session: FtpSession) => void> = {
      'CWD before MKD': asks(CWD_REFUSED, ['MKD a', '257 "/a" created'], ['CWD a', '250 Okay.']),
      'MKD of what exists': asks(['MKD a', '550 a: File exists'], ['CWD a', '250 Okay.']),
      'CWD elsewhere': asks(['PWD', '257 "/"'], CWD_REFUSED, ['CWD b', '250 Okay.']),
      'DELE before STOR': (session) => {
        ask(session, 'DELE report.bin', '550 Delete operation failed.')
        store(session)
        quit(session)
      },
      'SIZE before STOR': (session) => {
        ask(session, 'SIZE report.bin', '550 Could not get file size.')
        store(session)
        quit(session)
      },
      'CWD to a file': (session) => {
        ask(session, 'CWD report.bin', '550 Failed to change directory.')
        retrieve(session)
        quit(session)
      },
      'MDTM before a data connection': (session) => {
        ask(session, 'MDTM report.bin', '550 Could not get file modification time.')
        retrieve(session)
        quit(session)
      },
      'unsupported commands beside a transfer': (session) => {
        retrieve(session)
        asks(['SITE UTIME 20260101000000 report.bin', '500 Unknown SITE command.'], ['MFMT 2026 a', '502 No.'])(session)
      },
      'what the client asks for its own purposes': asks(
        ['FEAT', '500 What?'],
        ['SYST', '502 No.'],
        ['OPTS UTF8', '501 No.'],
      ),
    }
    for (const [name, play] of Object.entries(habits))
      expect(verdict(play), name).toMatchObject({ outcome: 'ok', cause: null })
  })

  it('stays a failure where the client fell back to a directory above', () => {
    const above = asks(['PWD', '257 "/"'], ['CWD /srv/www', '550 No.'], ['CWD /', '250 Okay.'])
    expect(verdict(above)).toMatchObject({ outcome: 'failed', cause: 'command-refused' })
  })

  it('is nothing if a directory is empty, or was listed before', () => {
    const empty = verdict((session) => {
      pasv(session, 50_010)
      asks(['NLST', '450 No files found'])(session)
    })
    expect(empty.outcome).toBe('ok')
    const again = (session: FtpSession) => {
      listing(session)
      pasv(session, 50_010)
      asks(['LIST -a', '550 Could not open the file or directory'])(session)
    }
    expect(verdict(again).outcome).toBe('ok')
    const [found] = observed(transferRefused, atClient(''), again)
    expect(found).toMatchObject({ severity: 'info', harmless: true, fact: { reason: { kind: 'list-options' } } })
    expect(found?.fact.listing).not.toBeNull()
  })

  it('is left to the rule on logins where the server asks for one', () => {
    expect(observed(commandRefused, atClient(''), asks(['CWD a', '530 Please login with USER and PASS.']))).toEqual([])
  })
})

describe('the reason of a refusal', () => {
  it('is the root of the account where the login began in "/"', () => {
    const path: Exchanged = ['CWD /home/alice/www', "550 Can't change directory: No such file or directory"]
    expect(commandReasons(['PWD', '257 "/" is the current directory'], path)).toEqual(['root'])
    expect(commandReasons(['PWD', '257 "/home/alice"'], path)).toEqual(['missing'])
    expect(commandReasons(['PWD', '257 "/"'], ['CWD /www', '550 No such directory'])).toEqual(['missing'])
  })

  it('is the encoding of a name beyond ASCII, unless the server says otherwise', () => {
    expect(commandReasons(['CWD Büro', '550 Not found.'])).toEqual(['encoding'])
    expect(commandReasons(['CWD Büro', '550 Permission denied.'])).toEqual(['permission'])
  })

  it('is the blank where the server names only what precedes it', () => {
    expect(commandReasons(['CWD my files', '550 my: No such file or directory'])).toEqual(['blank'])
    expect(commandReasons(['CWD my files', '550 my files: No such file or directory'])).toEqual(['missing'])
  })

  it('is ASCII mode for a SIZE whose refusal does not say that the file is missing', () => {
    const ascii: Exchanged = ['TYPE A', '200 Type set to A']
    expect(commandReasons(ascii, ['SIZE a', '550 SIZE not allowed in ASCII mode'])).toEqual(['size-in-ascii'])
    expect(commandReasons(ascii, ['SIZE a', '550 a: No such file or directory'])).toEqual(['missing'])
    expect(commandReasons(['TYPE I', '200 Okay.'], ['SIZE a', '550 Could not get file size.'])).toEqual(['unspecified'])
  })

  it('is a restart beyond the size that the server stated', () => {
    const [found] = observed(transferRefused, atClient(''), (session) => {
      ask(session, 'SIZE a', '213 1000')
      ask(session, 'REST 5000', '350 Restarting at 5000.')
      pasv(session, 50_010)
      asks(['RETR a', '554 Restart not possible.'])(session)
    })
    expect(found?.fact.reason).toMatchObject({ kind: 'restart-beyond-end', restart: 5000, size: 1000 })
    expect(found?.message).toContain('at byte 5000 of a file of 1000 bytes')
  })

  it('is the naming convention of the host', () => {
    const host = (banner: string, ...exchanged: Exchanged[]) =>
      judge(
        spoken(atClient(''), (session) => {
          reply(session, banner)
          ask(session, 'USER alice', '331 Password.')
          ask(session, 'PASS secret', '230 Logged in.')
          asks(...exchanged)(session)
        }),
      ).findings.flatMap(({ id, fact }) =>
        id === 'command-refused' ? [(fact as { reason?: { kind: string } }).reason?.kind] : [],
      )
    expect(host('220-QTCP at HOST.\r\n220 Ready.', ['CWD /home/alice', '501 Unknown library.'])).toEqual([
      'name-format',
    ])
    expect(host('220-FTPSERVE IBM FTP CS V2R4 at HOST\r\n220 Ready.', ['DELE USER.DATA', '550 Not found.'])).toEqual([
      'data-set-name',
    ])
  })

  it('is in the words of the server, in its language', () => {
    const words: Record<string, string> = {
      'Zugriff verweigert': 'permission',
      'Accès refusé': 'permission',
      'Отказано в доступе': 'permission',
      拒绝访问: 'permission',
      'Das System kann die angegebene Datei nicht finden.': 'missing',
      'Le fichier spécifié est introuvable.': 'missing',
      'The process cannot access the file because it is being used by another process.': 'busy',
      'Directory not empty': 'not-empty',
      'Read-only file system': 'read-only',
      'File exists': 'exists',
    }
    for (const [text, meaning] of Object.entries(words))
      expect(commandReasons(['DELE a', `550 ${text}`]), text).toEqual([meaning])
    expect(commandReasons(['DELE a', '502 Command not implemented'])).toEqual(['not-implemented'])
  })
})

describe('the proof that a session worked', () => {
  const unlogged = (...exchanged: Exchanged[]) =>
    judge(
      spoken(atClient(''), (session) => {
        reply(session, '220 Ready.')
        asks(...exchanged)(session)
      }),
    ).verdict.outcome

  it('is more than a greeting, the questions of the client, and QUIT', () => {
    expect(unlogged()).toBe('undetermined')
    expect(unlogged(['FEAT', '211 None.'], ['SYST', '215 UNIX'])).toBe('undetermined')
  })

  it('is a login', () => {
    expect(judge(played(atClient(''), login)).verdict.outcome).toBe('ok')
  })
})
