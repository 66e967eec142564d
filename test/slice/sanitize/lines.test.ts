/** What stays of lines, and what does not. `…` stands for letters and digits that are not those of the original. */
import { describe, expect, it } from 'vitest'
import { AddressMap } from '../../../src/slice/sanitize/address-map.js'
import { ByteStore } from '../../../src/slice/sanitize/byte-store.js'
import { Keyed } from '../../../src/slice/sanitize/keyed.js'
import { type LineKind, LineRewriter } from '../../../src/slice/sanitize/line-rewriter.js'
import { StandIns } from '../../../src/slice/sanitize/stand-ins.js'
import { text } from '../../wire/build.js'
import { KEY } from './sanitized.js'

const keyed = new Keyed(KEY)
const map = new AddressMap(keyed)
const SENT = new Set(['report', 'alice', 'quarter', '20260301', 'user5551', 'backup', 'data-files', 'data files'])
const lines = new LineRewriter(new StandIns(keyed), map, SENT)
const octets = (...address: number[]) => [...map.map(Uint8Array.from(address))]

function rewritten(kind: LineKind, line: string): string {
  const bytes = text(`${line}\r\n`)
  const store = new ByteStore()
  store.add(1, bytes, 0, bytes.length)
  const image = Buffer.from(lines.segment(kind, store, 1, bytes)).toString('latin1')
  expect(image).toHaveLength(bytes.length)
  expect(image.endsWith('\r\n')).toBe(true)
  return image.slice(0, -2)
}

/** The line with `…` for each run that was replaced. */
function shape(kind: LineKind, line: string): string {
  const image = rewritten(kind, line)
  return Array.from(line, (character, at) => (image[at] === character ? character : '\0'))
    .join('')
    .replace(/\0+/g, '…')
}

/** Letters of a stand-in may be those of the original by chance. */
function hides(kind: LineKind, line: string, ...words: string[]): void {
  for (const word of words) expect(rewritten(kind, line)).not.toContain(word)
}

describe('A command', () => {
  it.each([
    'USER anonymous',
    'PASS lftp@',
    'TYPE I',
    'TYPE A N',
    'REST 1024',
    'AUTH TLS',
    'PROT P',
    'OPTS MLST type;size;modify;unique;unix.mode;unix.owner;unix.group;unix.ownername;unix.groupname;',
    'OPTS UTF8 ON',
    'EPSV ALL',
    'LIST -la',
    'CWD ..',
    'NOOP',
    'CLNT FileZilla 3.67',
    '\xff\xf4\xff\xf2ABOR',
  ])('%j stays', (line) => {
    expect(rewritten('client', line)).toBe(line)
  })

  it.each([
    ['USER alice', 'alice'],
    ['USER bob@files.corp.example', 'bob', 'files', 'corp', 'example'],
    ['PASS s3cr3t!-Word', 's3c', 'Word', '!', '-'],
    ['PASShunter2', 'hunter2'],
    ['ACCT gold', 'gold'],
    ['RETR report 2026/quarter.dat', 'report', '2026', 'quarter'],
    ['SITE CHMOD 644 private.key', 'private'],
    ['SITE PASSWD old new', 'old', 'new'],
    ['HOST ftp.corp.example', 'ftp', 'corp', 'example'],
    ['hunter2', 'hunter2'],
    ['CWD /home/alice/data', 'home', 'alice', 'data'],
    ['GET /index.php?id=secret HTTP/1.1', 'index', 'secret'],
    // What is left of `PASS secret` where the capture lacks the beginning of the line.
    ['secret', 'secret'],
    ['RETR \xf2\xf3\xf4\xf1', '\xf2', '\xf3', '\xf4', '\xf1'],
    ['EPRT |2|2001:1234:5678:', '1234', '5678'],
  ])('%j hides names', (line, ...words) => {
    hides('client', line, ...words)
  })

  it('keeps what kind of file a name says it is, and other ends not', () => {
    expect(rewritten('client', 'RETR a.b.PDF')).toMatch(/^RETR \w\.\w\.PDF$/)
    hides('client', 'RETR a.smith', 'smith')
  })

  it('has the image of the address that it announces, with its port', () => {
    expect(rewritten('client', 'PORT 192,168,7,25,195,80')).toBe(`PORT ${octets(192, 168, 7, 25).join(',')},195,80`)
    expect(rewritten('client', 'EPRT |1|10.20.30.40|5001|')).toBe(`EPRT |1|${octets(10, 20, 30, 40).join('.')}|5001|`)
    const v6 = rewritten('client', 'EPRT |2|2001:db8::25:9|5001|')
    expect(v6).toMatch(/^EPRT \|2\|2001:db8::[0-9a-f]{2}:[0-9a-f]\|5001\|$/)
    expect(v6).not.toContain('::25:9')
    expect(rewritten('client', 'LPRT 4,4,10,20,30,40,2,19,137')).toBe(
      `LPRT 4,4,${octets(10, 20, 30, 40).join(',')},2,19,137`,
    )
  })

  it('has the images of the addresses of a PROXY header', () => {
    const [a, b] = [octets(10, 20, 30, 40).join('.'), octets(198, 51, 100, 25).join('.')]
    expect(rewritten('client', 'PROXY TCP4 10.20.30.40 198.51.100.25 52228 21')).toBe(`PROXY TCP4 ${a} ${b} 52228 21`)
  })
})

describe('A reply', () => {
  it.each([
    '220 (vsFTPd 3.0.3)',
    '331 Please specify the password.',
    '230 Login successful.',
    '215 UNIX Type: L8',
    '229 Entering Extended Passive Mode (|||50001|)',
    '150 Opening BINARY mode data connection (1048576 bytes).',
    '213 20260301021300',
    '421 Timeout (900 seconds): closing control connection.',
    ' MLST type*;size*;modify*;UNIX.mode*;',
    '500 Illegal PORT command.',
    '530 Non-anonymous sessions must use encryption.',
    "502 'EPSV': command not implemented.",
  ])('%j stays', (line) => {
    expect(rewritten('server', line)).toBe(line)
  })

  it.each([
    ['220 ftp.corp.example FTP server ready', '… FTP server ready', 'ftp.', 'corp', 'example'],
    ['257 "/home/data" is current directory', '', 'home', 'data'],
    ['550 report.csv: No such file or directory', '', 'report'],
    ['150 Opening ASCII mode data connection for report', '', 'report'],
    ['230 User alice logged in', '', 'alice'],
    ['230 Welcome to Umbrella, call 5551234567', '', 'Umbrella', '5551234567'],
    ['220 admin@archive.org', '', 'admin', 'archive', 'org'],
    ['230 backup logged in', '', 'backup'],
    ['230 user5551 logged in', '', 'user5551'],
    ['220 server5551234 ready', '', '5551234'],
    ['550 data-files: No such file', '', 'data', 'files'],
    ['550 Data Files: No such file', '', 'Data', 'Files'],
    ['226 20260301: transfer complete', '', '20260301'],
    ['250 Call 5551234567', '', '5551234567'],
    ['220 J\xf6rg ready', '', 'J\xf6', 'rg'],
    ['220 0011.2233.4455 ready', '', '0011', '2233', '4455'],
    ['213--rw-r--r-- 1 report data 1024 Nov 21 06:18 archive', '', 'archive'],
  ])('%j hides names', (line, _, ...words) => {
    hides('server', line, ...words)
  })

  it('has the image of the address that it announces, with its port, and of others', () => {
    const image = octets(10, 20, 30, 40)
    expect(rewritten('server', '227 Entering Passive Mode (10,20,30,40,195,80).')).toBe(
      `227 Entering Passive Mode (${image.join(',')},195,80).`,
    )
    expect(rewritten('server', '220 FTP server [10.20.30.40]')).toBe(`220 FTP server [${image.join('.')}]`)
    expect(rewritten('server', '227 =010,020,030,040,4,51')).toBe(
      `227 =${image.map((octet) => String(octet).padStart(3, '0')).join(',')},4,51`,
    )
  })

  it.each(['ip-10-20-30-40', 'host_10_20_30_40', '[::ffff:10.20.30.40]', '10.20.30.40.21', '10.20.30.40:21'])(
    'has the image of the address in %s',
    (name) => {
      const image = rewritten('server', `220 ${name} ready`)
      expect(/10(?:[-_.]\d+){3}/.exec(image)?.[0].split(/[-_.]/).map(Number)).toEqual(octets(10, 20, 30, 40))
      expect(image).toMatch(name.startsWith('[') ? /\[::ffff:/ : /ready$/)
    },
  )

  it('keeps numbers that have a unit', () => {
    expect(rewritten('server', '250 1048576 bytes transferred')).toBe('250 1048576 bytes transferred')
  })

  it('keeps of a word in another language what rules look for', () => {
    const line = Buffer.from('421 Zeitüberschreitung bei Umbrella').toString('latin1')
    const image = Buffer.from(rewritten('server', line), 'latin1').toString('utf8')
    expect(image).toMatch(/^421 Zeit.berschreitung /)
    expect(image).not.toContain('Umbrella')
  })
})

describe('A line of a listing', () => {
  it('keeps size, time and permissions, not names', () => {
    const line = '-rw-r--r--    1 alice    staff        1024 Nov 21 06:18 report.zip'
    expect(rewritten('listing', line)).toMatch(/^-rw-r--r-- {4}1 \w{5} {4}\w{5} {8}1024 Nov 21 06:18 \w{6}\.zip$/)
    hides('listing', line, 'alice', 'staff', 'report')
    expect(shape('listing', 'total 12')).toBe('total 12')
    expect(rewritten('listing', 'type=file;size=1024;unique=8a3g; report.txt')).toMatch(
      /^type=file;size=1024;unique=(?!8a3g)\w{4}; (?!report)\w{6}\.txt$/,
    )
    expect(rewritten('listing', '11-21-26  06:18AM   1024 report.txt')).toMatch(
      /^11-21-26 {2}06:18AM {3}1024 (?!report)\w{6}\.txt$/,
    )
  })

  it('has the names that commands and replies have', () => {
    const name = rewritten('client', 'RETR report.zip').slice(5)
    expect(rewritten('listing', 'report.zip')).toBe(name)
    expect(rewritten('server', '550 report.zip: No such file')).toBe(`550 ${name}: No such file`)
  })
})
