import { describe, expect, it } from 'vitest'
import { connectionLimit } from '../../src/diagnose/rules/control/connection-limit.js'
import { loginIncomplete } from '../../src/diagnose/rules/control/login-incomplete.js'
import { loginRejected } from '../../src/diagnose/rules/control/login-rejected.js'
import { serviceUnavailable } from '../../src/diagnose/rules/control/service-unavailable.js'
import { tlsRequired } from '../../src/diagnose/rules/control/tls-required.js'
import { transferFailed } from '../../src/diagnose/rules/transfers/transfer-failed.js'
import { storageFull } from '../../src/diagnose/rules/transfers/storage-full.js'
import { transferStalled } from '../../src/diagnose/rules/transfers/transfer-stalled.js'
import { ask, dial, type FtpSession, pasv, quit, reply, retrieve } from '../support/ftp-scene.js'
import { atClient, atServer } from '../support/places.js'
import { iis, proftpd, pureftpd } from '../support/server-dialects.js'
import { clientHello } from '../support/tls-records.js'
import { verdictOn } from './observe.js'
import { captureGoesOn, leave, observed, played, says, spoken } from './played.js'

const greeted = (line: string) => (session: FtpSession) => {
  reply(session, line)
  session.control.close('server')
}
/** USER and PASS, to which the server replies so. */
const loginAnswered =
  (line: string, user = 'alice') =>
  (session: FtpSession) => {
    reply(session, session.dialect.greeting)
    ask(session, `USER ${user}`, '331 Password')
    ask(session, 'PASS x', line)
    quit(session)
  }

describe('A refusal instead of the greeting', () => {
  it.each([
    ['500 OOPS: failed to open xferlog log file:/var/log/xferlog', 'xferlog_file'],
    ['500 OOPS: failed to open vsftpd log file:/var/log/vsftpd.log', 'vsftpd_log_file'],
    ['500 OOPS: unrecognised variable in config file: pasv_adress', 'vsftpd.conf'],
    ['500 OOPS: bad bool value in config file for: anonymous_enable', 'vsftpd.conf'],
    ['500 OOPS: SSL: cannot load RSA certificate', 'rsa_cert_file'],
    ['500 OOPS: child died', 'dmesg'],
    ['500 OOPS: cannot change directory:/srv/ftp', 'local_root'],
    ['500 OOPS: something new', 'what the reply names'],
    ['530 Access denied from your address', 'hosts.deny'],
    ['421 FTP server shut down (maintenance) -- please try again later', 'ftpshut'],
    ['421 FTP服务器关闭（维护) -- 请稍后再试', 'ftpshut'],
    ['550 Service not configured', 'access rules'],
  ])('is the cause of the failed session, in its own words: "%s"', (line, remedy) => {
    const [found] = says(serviceUnavailable, atClient(''), greeted(line))
    expect(found).toMatchObject({ side: 'server', fact: { kind: 'instead-of-greeting' } })
    expect(found?.message).toContain(line)
    expect(found?.remedy.join()).toContain(remedy)
    const { outcome, cause } = verdictOn(spoken(atServer(''), greeted(line)))
    expect([outcome, cause]).toEqual(['failed', 'service-unavailable'])
  })

  it('is a limit where it says so', () => {
    const { outcome, cause } = verdictOn(
      spoken(
        atClient(''),
        greeted('530 Sorry, the maximum number of clients (2) from your host are already connected.'),
      ),
    )
    expect([outcome, cause]).toEqual(['failed', 'connection-limit'])
  })

  it('in clear text after a ClientHello is about the TLS of the server, not about the mode of the client', () => {
    const session = spoken(
      atClient(''),
      ({ control }) => {
        control.client(clientHello())
        control.server('500 OOPS: error:1417A0C1:SSL routines:tls_post_process_client_hello:no shared cipher\r\n')
        control.close('server')
      },
      { serverPort: 990 },
    )
    const { outcome, cause, sentence } = verdictOn(session)
    expect([outcome, cause]).toEqual(['failed', 'service-unavailable'])
    expect(sentence).toContain('500 OOPS')
  })
})

describe('A process of vsftpd that ends', () => {
  it.each(['500 OOPS: priv_sock_get_cmd', '500 OOPS: child died'])(
    'is told in the middle of a session: "%s"',
    (line) => {
      const [found] = observed(serviceUnavailable, atClient(''), (session) => {
        retrieve(session)
        ask(session, 'CWD a', line)
        session.control.close('server')
      })
      expect(found).toMatchObject({ fact: { kind: 'in-answer', fault: 'child-died' } })
      expect(found?.remedy[0]).toContain('seccomp_sandbox=NO')
    },
  )
})

describe('The reason for a refused login', () => {
  it.each([
    ['530 Valid hostname is expected.', 'host-name', 'ftp.example.com|alice'],
    ['530 This FTP server is anonymous only.', 'anonymous-only', 'log in as anonymous'],
    ['530 Only anonymous FTP is allowed here', 'anonymous-only', 'log in as anonymous'],
    ['530 Anonymous access denied.', 'no-anonymous', 'anonymous_enable=YES'],
    ['530 This is a private system - No anonymous login', 'no-anonymous', 'anonymous_enable=YES'],
    ["530 Can't login as [alice]: account disabled", 'account-closed', 'enable the account'],
    ['530 Einloggen als [alice] nicht möglich: Konto deaktiviert.', 'account-closed', 'enable the account'],
    ['530 Your account has expired', 'account-closed', 'chage -l'],
    ["530 Sorry, but I can't trust you", 'shell', '/etc/shells'],
    ['530 Permission denied.', 'denied', 'userlist_deny'],
    ['530 Login from that IP address is not permitted', 'address', 'admit the address'],
    ['530 Access denied from your address.', 'address', 'admit the address'],
    ['530 Your IP has been banned', 'banned', 'lift the ban'],
    ['530 Unknown user alice on this virtual host', 'unknown-user', 'AuthUserFile'],
  ])('is read from "%s"', (line, obstacle, remedy) => {
    const [found] = says(loginRejected, atClient(''), loginAnswered(line))
    expect(found?.fact).toMatchObject({ obstacle, fault: null })
    expect(found?.remedy.join()).toContain(remedy)
    expect(found?.remedy.join()).not.toContain('password of user')
  })

  it.each(['530 Login incorrect. Your IP address is logged.', '530 User cannot log in.', '530 登录不正确'])(
    'is a wrong password where the words name none: "%s"',
    (line) => {
      const [found] = says(loginRejected, atClient(''), loginAnswered(line))
      expect(found?.fact).toMatchObject({ obstacle: null, fault: null })
    },
  )

  it.each([
    ['530 User cannot log in, home directory inaccessible.', 'home', iis, 'FTP User Isolation'],
    ['500 OOPS: cannot change directory:/home/alice', 'home', undefined, 'local_root'],
    ['500 OOPS: priv_sock_get_cmd', 'child-died', undefined, 'dmesg'],
  ] as const)('is a fault of the server: "%s"', (line, fault, dialect, remedy) => {
    const [found] = says(loginRejected, atClient(''), loginAnswered(line), dialect ? { dialect } : {})
    expect(found).toMatchObject({ side: 'server', fact: { fault } })
    expect(found?.remedy.join()).toContain(remedy)
  })

  it.each([
    '421 Home directory not available - aborting',
    '421 Home-Verzeichnis nicht erreichbar - Abbruch.',
    '421 Les repertoires utilisateurs sont inaccessibles - Abandon',
    '421 Katalog domowy jest niedostępny - przerywam',
  ])('may be the home directory, with a 421: "%s"', (line) => {
    const session = spoken(atClient(''), loginAnswered(line), { dialect: pureftpd })
    expect(verdictOn(session)).toMatchObject({ outcome: 'failed', cause: 'service-unavailable' })
    const [found] = says(serviceUnavailable, atClient(''), loginAnswered(line), { dialect: pureftpd })
    expect(found?.remedy[0]).toContain('CreateHomeDir yes (-j)')
  })

  it.each(['USER', 'USER '])('may be that the client named no user: "%s"', (line) => {
    const [found] = says(loginRejected, atClient(''), (session) => {
      reply(session, session.dialect.greeting)
      ask(session, line, '500 USER : command not understood.')
      leave(session)
    })
    expect(found?.fact.unnamed).toBe(true)
    expect(found?.message).toContain('with an empty user name')
    expect(found?.remedy.join()).not.toContain('check the user name')
  })

  it.each(['(null)', 'undefined', 'None'])('may be a name that stands for none: "%s"', (name) => {
    const [found] = says(loginRejected, atClient(''), loginAnswered('530 Login incorrect.', name))
    expect(found?.message).toContain(`with the user name "${name}", which stands for no name,`)
  })

  it('is not sought in a PASS after a login that needed none', () => {
    const found = says(loginRejected, atClient(''), (session) => {
      reply(session, session.dialect.greeting)
      ask(session, 'USER alice', '230 Login successful.')
      ask(session, 'PASS x', '503 You are already logged in.')
      quit(session)
    })
    expect(found).toEqual([])
  })

  it('may be the account that ACCT names', () => {
    const [found] = says(loginRejected, atClient(''), (session) => {
      reply(session, session.dialect.greeting)
      ask(session, 'USER alice', '331 Password')
      ask(session, 'PASS x', '332 Account')
      ask(session, 'ACCT y', '532 Wrong.')
      quit(session)
    })
    expect(found?.remedy).toEqual([expect.stringContaining('ACCT')])
  })
})

describe('A demand for TLS in another language', () => {
  it.each([
    '421 Dieser Server akzeptiert keine unverschlüsselten Verbindungen.',
    '421 Desole, les sessions en clair ne sont pas acceptees sur ce serveur.',
    '550 necesario SSL/TLS en el canal de control',
    '550 控制通道须使用SSL/TLS',
  ])('is read as one: "%s"', (line) => {
    const found = says(tlsRequired, atClient(''), (session) => {
      reply(session, session.dialect.greeting)
      ask(session, 'USER alice', line)
      quit(session)
    })
    expect(found).toHaveLength(1)
  })
})

describe('A limit on connections', () => {
  it.each([
    ['530 Sorry, the maximum number of clients (3) for this user are already connected.', 'user', 'MaxClientsPerUser'],
    ["421 I can't accept more than 3 connections as the same user", 'user', 'PerUserLimits (-y)'],
    ['421 Mehr als 3 Verbindungen vom selben Benutzer sind nicht erlaubt.', 'user', 'PerUserLimits (-y)'],
    ['421 Too many connections (8) from this IP', 'host', 'MaxClientsPerIP (-C)'],
    ['421 Trop de connexions (8) depuis cette IP', 'host', 'MaxClientsPerIP (-C)'],
    [
      '530 Sorry, the maximum number of clients (2) from your class are already connected.',
      'class',
      'MaxClientsPerClass',
    ],
    ['421 There are too many connections from your internet address.', 'host', 'max_per_ip'],
    ['421 There are too many connected users, please try later.', 'server', 'max_clients'],
    ['421 50 users (the maximum) are already logged in, sorry', 'server', 'MaxClientsNumber (-c)'],
  ])('counts what its words say: "%s"', (line, scope, setting) => {
    const [found] = says(connectionLimit, atClient(''), (session) => {
      reply(session, '220 Welcome.')
      ask(session, 'USER alice', '331 Password')
      ask(session, 'PASS x', line)
      session.control.close('server')
    })
    expect(found?.fact).toMatchObject({ kind: 'stated', scope })
    expect(found?.remedy.join()).toContain(setting)
  })
})

describe('login-incomplete', () => {
  const asked = (play: (session: FtpSession) => void) =>
    says(loginIncomplete, atClient(''), (session) => {
      reply(session, session.dialect.greeting)
      play(session)
    })

  it.each([leave, quit])('names the account that the server wants after the password', (end) => {
    const play = (session: FtpSession): void => {
      ask(session, 'USER alice', '331 Password')
      ask(session, 'PASS x', '332 Need account for login.')
      end(session)
    }
    const [found] = asked(play)
    expect(found).toMatchObject({ severity: 'error', fact: { kind: 'account', command: { command: 'PASS' } } })
    expect(found?.message).toContain('did not send ACCT')
    expect(found?.remedy[0]).toContain('--ftp-account')
  })

  it('names the password that the client did not send', () => {
    const play = (session: FtpSession): void => {
      reply(session, session.dialect.greeting)
      ask(session, 'USER alice', '331 Password')
      session.scene.wait(4000)
      leave(session)
    }
    const { outcome, cause } = verdictOn(spoken(atServer(''), play))
    expect([outcome, cause]).toEqual(['failed', 'login-incomplete'])
    expect(says(loginIncomplete, atServer(''), play)[0]?.message).toContain(
      'did not send PASS and closed the connection',
    )
  })

  it('says nothing where the login went on, was refused, or where the capture ends', () => {
    const account = (line: string) =>
      asked((session) => {
        ask(session, 'USER alice', '331 Password')
        ask(session, 'PASS x', '332 Account')
        ask(session, 'ACCT y', line)
        quit(session)
      })
    expect(account('230 Welcome.')).toEqual([])
    expect(account('532 Wrong.')).toEqual([])
    const open = asked((session) => {
      ask(session, 'USER alice', '331 Password')
      captureGoesOn(session, 5000)
    })
    expect(open).toEqual([])
    const shut = asked((session) => {
      ask(session, 'USER alice', '331 Password')
      reply(session, '421 Server is going down.')
      session.control.close('server')
    })
    expect(shut).toEqual([])
  })
})

describe('The words of storage', () => {
  const upload = (answer: string) =>
    observed(storageFull, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'STOR a', '150 Ok.')
      data.client(20_000)
      reply(session, answer)
      data.close('server')
      quit(session)
    })

  it.each([
    ["552 Quota exceeded: [a] won't be saved", 'words', false],
    ['552 Quota überschritten: [a] wird nicht gespeichert.', 'words', false],
    ['552 Quota depasse : [a] ne sera pas sauvegarde', 'words', false],
    ['552 STOR denied: quota exceeded: used 20 of 20 files', 'words', true],
    ['552 STOR denied: quota exceeded: used 5.00 of 5.00 MB', 'words', false],
    [
      '552-Transfer aborted (quota)\r\n552-1 files used (5%) - authorized: 20 files\r\n' +
        "552-2 Kbytes used (0%) - authorized: 1024 Kb\r\n552 Quota exceeded: [a.bin] won't be saved",
      'words',
      false,
    ],
    ['552 STOR 拒绝：已超出配额：已使用5.00', 'words', false],
    ['452 Disk full - please upload later', 'words', false],
    ['552 Festplatte voll - bitte später erneut probieren.', 'words', false],
    ['451 Error during write to file', 'write-failed', false],
    ["452 Erreur lors de l'ecriture dans le fichier", 'write-failed', false],
    ['451 Fehler beim Abspeichern als Datei.', 'write-failed', false],
  ])('are read from "%s"', (line, kind, ofFiles) => {
    const [found] = upload(line)
    expect(found?.fact).toMatchObject({ kind, ofFiles })
    if (ofFiles) expect(found?.remedy[0]).toContain('number of files')
  })
})

describe('The words of the server about a file', () => {
  const failed = (answer: string) =>
    verdictOn(
      played(atClient(''), (session) => {
        pasv(session, 50_005)
        const data = dial(session, 50_005)
        ask(session, 'RETR a', '150 Ok.')
        reply(session, answer)
        data.reset('server')
        quit(session)
      }),
    )

  it.each(['451 read error on input file', '451 Local error in processing', '426 Failure reading local file.'])(
    'win over the RST after them: "%s"',
    (line) => {
      const { outcome, cause, sentence } = failed(line)
      expect([outcome, cause]).toEqual(['failed', 'transfer-failed'])
      expect(sentence).toContain(line)
    },
  )

  it('are about the server even with the code of a data connection', () => {
    const [found] = observed(transferFailed, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'RETR a', '150 Ok.')
      reply(session, '426 Failure reading local file.')
      data.close('server')
    })
    expect(found?.fact).toMatchObject({ kind: 'server' })
  })
})

describe('An upload whose data connection is not closed', () => {
  const sent = (end: (session: FtpSession) => void, dialect = iis) =>
    observed(
      transferStalled,
      atClient(''),
      (session) => {
        pasv(session, 50_005)
        const data = dial(session, 50_005)
        ask(session, 'STOR a', '125 Data connection already open; Transfer starting.')
        data.client(840)
        session.scene.wait(120_000)
        end(session)
        data.close('server')
      },
      { dialect },
    )

  it.each([
    '425 Data channel timed out due to not meeting the minimum bandwidth requirement.',
    '426 Connection timed out, aborting transfer.',
  ])('is the fault of the program that sends: "%s"', (line) => {
    const [found] = sent((session) => {
      reply(session, line)
    })
    expect(found).toMatchObject({ side: 'client', confidence: 'high', fact: { kind: 'unclosed', timer: null } })
    expect(found?.message).toContain('did not close the data connection')
    expect(found?.remedy.join()).toContain('IIS dataChannelTimeout')
    expect(found?.remedy.join()).not.toContain('controlChannelTimeout')
  })

  it('is told by vsftpd with a 421', () => {
    const session = played(atClient(''), (each) => {
      pasv(each, 50_005)
      const data = dial(each, 50_005)
      ask(each, 'STOR a', '150 Ok to send data.')
      data.client(840)
      each.scene.wait(300_000)
      reply(each, '421 Data timeout. Reconnect. Sorry.')
      data.close('server')
      each.control.close('server')
    })
    const { cause, sentence } = verdictOn(session)
    expect(cause).toBe('transfer-stalled')
    expect(sentence).toContain("vsftpd's data_connection_timeout, 300 s")
  })

  it('is ended by ProFTPD without a reply, after TimeoutStalled', () => {
    const [found] = observed(
      transferStalled,
      atClient(''),
      (session) => {
        pasv(session, 50_005)
        const data = dial(session, 50_005)
        ask(session, 'STOR a', '150 Ok.')
        data.client(840)
        session.scene.wait(3_600_000)
        data.close('server')
        session.control.close('server')
      },
      { dialect: proftpd },
    )
    expect(found?.message).toContain("matches ProFTPD's TimeoutStalled, 3600 s")
  })

  it('is not told of a client that is cut off', () => {
    const [found] = observed(transferStalled, atServer(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'STOR a', '150 Ok.')
      data.client(840)
      session.scene.wait(120_000)
      data.unacknowledged('server', '', { fin: true, attempts: 3 })
      reply(session, '426 Connection timed out.')
    })
    expect(found?.fact.kind).toBe('fin-unanswered')
  })
})
