import { describe, expect, it } from 'vitest'
import { hear, script } from './talk.js'

const dialogueOf = (text: string) => hear(script(text)).dialogue

describe('login', () => {
  it.each([
    ['accepted with a password', 'C: USER a\nS: 331 p\nC: PASS b\nS: 230 in', 'accepted'],
    ['accepted without one', 'C: USER a\nS: 230 in', 'accepted'],
    ['accepted with an account', 'C: USER a\nS: 331 p\nC: PASS b\nS: 332 acct\nC: ACCT c\nS: 230 in', 'accepted'],
    ['accepted by 202', 'C: PASS b\nS: 202 superfluous', 'accepted'],
    ['rejected', 'C: USER a\nS: 331 p\nC: PASS b\nS: 530 no', 'rejected'],
    ['rejected by 430', 'C: USER a\nS: 331 p\nC: PASS b\nS: 430 no', 'rejected'],
    [
      'accepted after a wrong password',
      'C: USER a\nC: PASS b\nS: 331 p\nS: 530 no\nC: USER a\nS: 331 p\nC: PASS c\nS: 230 in',
      'accepted',
    ],
    ['unknown without an answer', 'C: USER a\nS: 331 p\nC: PASS b', 'unknown'],
    ['unknown if the server is full', 'C: USER a\nS: 421 too many', 'unknown'],
    ['none if not attempted', 'C: SYST\nS: 215 UNIX\nC: QUIT\nS: 221 bye', 'none'],
  ])('is %s', (_, lines, login) => {
    expect(dialogueOf('S: 220 x\n' + lines).login).toBe(login)
  })

  it('is accepted in a session captured from its middle if commands succeed that require it', () => {
    expect(dialogueOf('C: CWD /pub\nS: 250 ok').login).toBe('accepted')
    expect(dialogueOf('C: CWD /pub\nS: 550 no').login).toBe('unknown')
  })

  it.each([
    ['anonymous', true],
    ['FTP', true],
    [' anonymous ', true],
    ['ftpuser', false],
  ])('recognizes whether %s is anonymous', (user, anonymous) => {
    expect(dialogueOf(`C: USER ${user}`)).toMatchObject({ user, anonymous })
  })
})

describe('working directory', () => {
  it.each([
    ['C: PWD\nS: 257 "/home/alice" is the current directory', '/home/alice'],
    ['C: XPWD\nS: 257 "/a ""quoted"" name" is current', '/a "quoted" name'],
    ['C: PWD\nS: 257 "/a"\nC: CWD b/../c\nS: 250 ok', '/a/c'],
    ['C: PWD\nS: 257 "/a/b"\nC: CDUP\nS: 200 ok', '/a'],
    ['C: CWD /x/./y/\nS: 250 ok', '/x/y'],
    ['C: CWD up\nS: 250 CWD successful. "/srv/up" is current directory.', '/srv/up'],
    ['C: CWD up\nS: 250 OK. Current directory is /srv/up', '/srv/up'],
    ['C: CWD relative\nS: 250 ok', null],
    ['C: CWD /a\nS: 250 ok\nC: CWD /b\nS: 550 no', '/a'],
    ['C: PWD\nS: 257 "\'HLQ.\'" is working directory\nC: CWD X\nS: 250 ok', null],
    ['C: PWD\nS: 257 "unclosed', null],
    ['C: PWD\nS: 257 no quotes', null],
    ['C: CWD /a\nS: 250 ok\nC: PWD\nS: 212 odd', '/a'],
    ['C: CWD\nS: 250 ok', null],
    ['C: CWD /a\nS: 250 ok\nC: SMNT /mnt\nS: 250 mounted', null],
    [`C: CWD /${'a'.repeat(5000)}\nS: 250 ok`, null],
    ['C: MKD /new\nS: 257 "/new" created', null],
  ])('follows %j', (lines, path) => {
    expect(dialogueOf('S: 220 x\n' + lines).workingDirectory).toBe(path)
  })
})

describe('features', () => {
  it('are the labels of the reply to FEAT', () => {
    expect(
      dialogueOf('S: 220 x\nC: FEAT\nS: 211-Extensions:\n MDTM\n rest STREAM\n MLST type*;size*;\n MDTM\nS: 211 END')
        .features,
    ).toEqual(['MDTM', 'REST', 'MLST'])
    expect(dialogueOf('S: 220 x\nC: FEAT\nS: 211-Extensions:\nS: 211-UTF8\nS: 211 END').features).toEqual(['UTF8'])
    expect(dialogueOf('S: 220 x\nC: FEAT\nS: 211 none').features).toEqual([])
    expect(dialogueOf('S: 220 x\nC: FEAT\nS: 500 what').features).toEqual([])
  })

  it('are limited to 256, without lines that are not labels', () => {
    const labels = Array.from({ length: 300 }, (_, i) => ` X${i}`).join('\n')
    const { features } = dialogueOf(`S: 220 x\nC: FEAT\nS: 211-Extensions:\n ${'x'.repeat(40)}\n${labels}\nS: 211 END`)
    expect(features).toHaveLength(256)
    expect(features[0]).toBe('X0')
  })
})

describe('software', () => {
  it.each([
    ['220 (vsFTPd 3.0.3)', 'vsftpd 3.0.3'],
    ['220 ProFTPD 1.3.8b Server (Debian) [::ffff:192.0.2.1]', 'ProFTPD 1.3.8b'],
    ['220 ProFTPD Server (ftp.example) [192.0.2.1]', 'ProFTPD'],
    ['220---------- Welcome to Pure-FTPd [privsep] [TLS] ----------', 'Pure-FTPd'],
    ['220 pyftpdlib 1.5.7 ready.', 'pyftpdlib 1.5.7'],
    ['220-FileZilla Server 1.9.4', 'FileZilla Server 1.9.4'],
    ['220-FileZilla Server version 0.9.41 beta', 'FileZilla Server 0.9.41'],
    ['220 Microsoft FTP Service', 'Microsoft FTP Service'],
    ['220 Host Microsoft FTP Service (Version 5.0).', 'Microsoft FTP Service 5.0'],
    ['220 Serv-U FTP Server v15.1 ready...', 'Serv-U 15.1'],
    ['220 host FTP server (Version wu-2.6.2(1) Mon Dec 3 2001) ready.', 'wu-ftpd 2.6.2(1)'],
    ['220-FTPD1 IBM FTP CS V2R4 at MVS1, 10:20:30 on 2021-01-01.', 'z/OS FTP V2R4'],
    ['220-QTCP at AS400.EXAMPLE.', 'IBM i FTP'],
    ['220 Twisted 22.4.0 FTP Server', 'Twisted 22.4.0'],
    ['220 CrushFTP Server Ready!', 'CrushFTP'],
    ['220 Xlight FTP Server 3.9 ready...', 'Xlight 3.9'],
    ['220 host FTP server (GNU inetutils 2.4) ready.', 'inetutils ftpd 2.4'],
    ['220 glFTPd 2.01 Linux+TLS ready.', 'glFTPd 2.01'],
    ['220 bftpd 6.1 at 192.0.2.1 ready.', 'bftpd 6.1'],
    ['220 X2 WS_FTP Server 7.5.1(12345)', 'WS_FTP Server 7.5.1'],
    ['220 Titan FTP Server 10.01.1740 Ready.', 'Titan FTP Server 10.01.1740'],
    ['220-Welcome to Cerberus FTP Server', 'Cerberus FTP Server'],
    ['220 zFTPServer v4.0, build 2008-12-24 01:27 ready.', 'zFTPServer 4.0'],
    ['220 ftp.example NcFTPd Server (licensed copy) ready.', 'NcFTPd'],
    ['220 host FTP server (tnftpd 20200704) ready.', 'tnftpd 20200704'],
    ['220 SFTPGo 2.5.0 ready', 'SFTPGo 2.5.0'],
    ['220 Welcome to our site', null],
  ])('of the server is read from %j', (greeting, software) => {
    expect(
      dialogueOf('S: ' + greeting + '\n' + (greeting.startsWith('220-') ? 'S: 220 ready' : '')).serverSoftware,
    ).toBe(software)
  })

  it('of the server is read from later replies if the greeting does not name it', () => {
    expect(
      dialogueOf('S: 220 hi\nC: STAT\nS: 211-FTP server status:\n     vsFTPd 3.0.5 - secure, fast, stable\nS: 211 End')
        .serverSoftware,
    ).toBe('vsftpd 3.0.5')
    expect(dialogueOf('S: 220 ProFTPD Server\nC: HELP\nS: 214 ProFTPD 1.3.8').serverSoftware).toBe('ProFTPD 1.3.8')
    expect(
      dialogueOf('S: 220 x\nC: SYST\nS: 215 OS/400 is the remote operating system. The TCP/IP version is "V7R4M0".')
        .serverSoftware,
    ).toBe('IBM i FTP V7R4M0')
  })

  it.each([
    ['C: CLNT FileZilla', 'FileZilla'],
    ['C: CSID Name=BSD FTP; Version=7.3', 'BSD FTP 7.3'],
    ['C: CLNT  ', null],
    ['C: CSID Version=7.3', null],
    ['C: CSID Name= ; Version=7.3', null],
    ['C: CSID Name=BSD FTP', 'BSD FTP'],
    ['C: OPTS UTF8 ON\nC: USER alice\nC: PASS x\nC: PORT 10,0,0,2,4,1', 'probably Windows ftp.exe'],
    ['C: OPTS UTF8 ON\nC: USER alice\nC: PASS x\nC: FEAT\nC: PORT 10,0,0,2,4,1', null],
    ['C: USER alice\nC: PASS x\nC: PORT 10,0,0,2,4,1', null],
    ['C: USER anonymous\nC: PASS lftp@', 'lftp'],
    ['C: USER anonymous\nC: PASS -wget@', 'Wget'],
    ['C: USER anonymous\nC: PASS ftp@example.com', 'curl'],
    ['C: USER anonymous\nC: PASS Java1.8.0_292@', 'Java 1.8.0_292'],
    ['C: USER anonymous\nC: PASS anonymous@', null],
    ['C: USER alice\nC: PASS lftp@', null],
  ])('of the client is read from %j', (lines, software) => {
    expect(dialogueOf('S: 220 x\n' + lines).clientSoftware).toBe(software)
  })
})
