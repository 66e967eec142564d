import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayName, tupleIn } from '../../../src/ftp/inference/announced-tuple.js'
import { type Circumstances, inferDialogue } from '../../../src/ftp/inference/infer.js'
import type { DataOpening, HiddenRecord } from '../../../src/ftp/inference/model.js'
import { FROM_CLIENT, FROM_SERVER } from '../../../src/ftp/model.js'
import { check } from '../../property/check.js'

/** Records of a dialogue, one a second: lines of the client have no code. */
function recordsOf(lines: readonly string[], padding = 0): HiddenRecord[] {
  return lines.map((line, index) => {
    const most = line.length + 2
    const direction = /^\d{3}/.test(line) ? FROM_SERVER : FROM_CLIENT
    return { frame: index + 1, time: index * 1e9, direction, least: Math.max(1, most - padding), most }
  })
}

const PLAIN: Circumstances = {
  greeting: false,
  tickets: false,
  software: null,
  authReply: null,
  clientAddress: '192.0.2.7',
  serverAddress: '203.0.113.20',
  openings: [],
  ending: { closed: true, clearText: false },
}

function infer(lines: readonly string[], known: Partial<Circumstances> = {}, padding = 0) {
  const inference = inferDialogue(recordsOf(lines, padding), { ...PLAIN, ...known })!
  return { ...inference, said: inference.records.map((each) => (each.claimed ? (each.command ?? each.code) : null)) }
}

const opening = (after: number, more: Partial<DataOpening> = {}): DataOpening => ({
  frame: 1000,
  time: after * 1e9 + 1e8,
  mode: 'passive',
  port: 50_100,
  established: true,
  sender: 'server',
  ...more,
})

const LOGIN = [
  'USER wilhelmina',
  '331 Please specify the password.',
  'PASS correct horse',
  '230 Login successful.',
  'PBSZ 0',
  '200 PBSZ set to 0.',
  'PROT P',
  '200 PROT now Private.',
]
const LOGGED_IN = ['USER', 331, 'PASS', 230, 'PBSZ', 200, 'PROT', 200]
const PASV = ['PASV', '227 Entering Passive Mode (203,0,113,20,195,180).']

describe('the likeliest dialogue', () => {
  it('names commands and replies of a server whose texts are known', () => {
    const lines = [...LOGIN, 'PWD', '257 "/srv/files" is the current directory', 'QUIT', '221 Goodbye.']
    expect(infer(lines, { software: 'vsftpd 3.0.5' }).said).toEqual([...LOGGED_IN, 'PWD', 257, 'QUIT', 221])
  })

  it('knows a server that does not name itself by what its other texts are', () => {
    const implicit = ['220 (vsFTPd 3.0.3)', ...LOGIN, 'SYST', '215 UNIX Type: L8']
    expect(infer(implicit, { greeting: true }).server).toBe('vsftpd')
    expect(infer(LOGIN, { authReply: 'Proceed with negotiation.' }).server).toBe('vsftpd')
  })

  it('says less of a server that nobody knows', () => {
    const lines = ['OPTS UTF8 ON', '200 Very well then.', 'CWD a/b', '250 You are there now, as you asked.']
    const { records, server } = infer(lines, { software: 'Some Other Server 1.0' })
    expect(server).toBeNull()
    expect(records.filter(({ claimed, probability }) => claimed && probability > 0.98)).toEqual([])
  })

  it('tells a login that was refused from one that was accepted', () => {
    const refused = [...LOGIN.slice(0, 3), '530 Login incorrect.', 'QUIT', '221 Goodbye.']
    expect(infer(refused, { software: 'vsftpd 3.0.3' }).said).toEqual(['USER', 331, 'PASS', 530, 'QUIT', 221])
  })

  it('tells uploads from downloads by who sent on the data connection', () => {
    const lines = [...LOGIN, ...PASV, 'STOR some.file', '150 Ok to send data.', '226 Transfer complete.']
    const known = { software: 'vsftpd 3.0.3', openings: [opening(9, { sender: 'client' as const })] }
    expect(infer(lines, known).said.slice(8)).toEqual(['PASV', 227, 'STOR', 150, 226])
    const down = [...LOGIN, ...PASV, 'RETR some.file']
    const reply = '150 Opening BINARY mode data connection for some.file (1234 bytes).'
    const downloaded = infer([...down, reply, '226 Transfer complete.'], { ...known, openings: [opening(9)] })
    expect(downloaded.said.slice(10)).toEqual(['RETR', 150, 226])
  })

  it('reads a transfer and its ABOR in one record, as lftp sends them once PORT was refused', () => {
    const refused = (login: readonly string[], rest: readonly string[], software: string) =>
      infer([...login, ...rest], { software, clientAddress: '198.51.100.130' }).said.slice(-4)
    const login = ['USER alice', '331 Username ok, send password.', 'PASS wonderland', '230 Login successful.']
    const foreign = '501 Rejected data connection to foreign address 192.168.1.10:54393.'
    const both = 'RETR readme.txt\r\nABOR'
    const accepted = '150 File status okay. About to open data connection.'
    const pyftpdlib = ['PORT 192,168,1,10,212,121', foreign, both, accepted, '225 No transfer to abort.']
    // 522 SSL handshake failed. has the same length, but nothing was connected.
    expect(refused(login, pyftpdlib, 'pyftpdlib 1.5.7').at(-1)).not.toBe(522)
    const sizes = ['TYPE I', '200 Type set to I', 'SIZE readme.txt', '213 920', 'MDTM readme.txt', '213 20261130221210']
    const denied = [...sizes, 'PORT 198,51,100,130,141,249', '501 PORT: Operation not permitted', both]
    const replies = ['425 Unable to build data connection: Connection refused', '226 Abort successful']
    const named = ['USER alice', '331 Password required for alice', 'PASS wonderland', '230 User alice logged in']
    named.push('PBSZ 0', '200 PBSZ 0 successful', 'PROT P', '200 Protection set to Private')
    // LIST, RETR or STOR, and 425 or 150: lengths do not tell.
    expect(refused(named, [...denied, ...replies], 'ProFTPD 1.3.8')).toEqual([501, null, null, 226])
  })

  it('takes 522 after a transfer began for a data connection whose TLS failed', () => {
    const login = ['USER alice', '331 Username ok, send password.', 'PASS wonderland', '230 Login successful.']
    const lines = [...login, 'PASV', '227 Entering passive mode (203,0,113,20,195,180).', 'RETR some.file']
    const replies = ['125 Data connection already open. Transfer starting.', '522 SSL handshake failed.']
    const known = { software: 'pyftpdlib 1.5.7', openings: [opening(5, { sender: null })] }
    expect(infer([...lines, ...replies], known).said.slice(-2)).toEqual([125, 522])
  })

  it('gives no length to what may be a password, whatever else it may be', () => {
    const { records } = infer([...LOGIN.slice(0, 2), 'PASS x'], { software: 'vsftpd 3.0.3' })
    expect(records[2]!.bytes).toBeNull()
    expect(records[0]!.bytes).toBe(17)
  })

  it('takes the last command before clear text for CCC', () => {
    const lines = [...LOGIN, 'CCC', '200 Clearing control channel protection']
    const ending = { closed: true, clearText: true }
    expect(infer(lines, { software: 'ProFTPD 1.3.8', ending }).said.at(-2)).toBe('CCC')
    expect(infer([...LOGIN, 'PWD', '257 "/" is the current directory'], { software: 'vsftpd 3.0.3' }).said.at(-2)).toBe(
      'PWD',
    )
  })

  it('passes over the session tickets of TLS 1.3', () => {
    const tickets = ['200' + 't'.repeat(228), '200' + 't'.repeat(228)]
    const { said } = infer([...tickets, ...LOGIN], { software: 'vsftpd 3.0.3', tickets: true })
    expect(said).toEqual(LOGGED_IN)
  })

  it('follows the lines of a reply that come one by one', () => {
    const lines = [...LOGIN, 'FEAT', '211-Features:', '211 EPSV_EPRT_', '211 REST STREAM', '211 End']
    expect(infer(lines, { software: 'vsftpd 3.0.3' }).said.slice(8)).toEqual(['FEAT', 211, 211, 211, 211])
  })

  it('says less where the cipher pads', () => {
    const { records } = infer(LOGIN, { software: 'vsftpd 3.0.3' }, 15)
    expect(records.every(({ bytes }) => bytes === null)).toBe(true)
    expect(records[0]!.command).toBe('USER')
  })

  it('is made for any records at all', () => {
    const record = fc.record({
      direction: fc.constantFrom(FROM_CLIENT, FROM_SERVER),
      most: fc.integer({ min: 0, max: 700 }),
    })
    check(
      fc.property(fc.array(record, { maxLength: 40 }), fc.boolean(), fc.boolean(), (all, greeting, tickets) => {
        const records = all.map((each, index) => ({ ...each, least: each.most, frame: index + 1, time: index * 1e9 }))
        const inference = inferDialogue(records, { ...PLAIN, greeting, tickets, software: 'ProFTPD' })
        for (const { probability, claimed, bytes } of inference?.records ?? []) {
          expect(probability).toBeGreaterThanOrEqual(claimed ? 0.8 : 0)
          expect(probability).toBeLessThanOrEqual(1)
          expect(bytes ?? 0).toBeLessThanOrEqual(700)
        }
      }),
    )
  })
})

describe('the length of a 227', () => {
  it('tells whether it may name an address', () => {
    const { records } = infer([...LOGIN, ...PASV], { software: 'vsftpd 3.0.3', openings: [opening(9)] })
    const tuple = tupleIn(records.at(-1)!)!
    expect(tuple).toBe('203,0,113,20,195,180'.length)
    expect(mayName(tuple, '203.0.113.20', 50_100)).toBe(true)
    expect(mayName(tuple, '10.0.0.21', 50_100)).toBe(false)
    expect(mayName(tuple, '2001:db8::1', 50_100)).toBe(false)
  })
})
