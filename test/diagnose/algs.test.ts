import { describe, expect, it } from 'vitest'
import { predict, type Treatment } from '../../src/diagnose/alg/alg.js'
import { ALGS } from '../../src/diagnose/alg/algs.js'
import { type WireAnnouncement, wireAnnouncement } from '../../src/diagnose/alg/wire-announcement.js'
import { SessionFacts } from '../../src/diagnose/facts/session-facts.js'
import { ask, quit } from '../support/ftp-scene.js'
import { inLan } from '../support/places.js'
import { played } from './played.js'

const CLIENT = '192.168.1.10'
const SERVER = '203.0.113.20'
const CRLF = '\r\n'

/** An announcement that every ALG reads, with what differs. */
function port(words: string, rest: Partial<WireAnnouncement> = {}): WireAnnouncement {
  return {
    ...common,
    kind: 'PORT',
    words,
    head: ` ${words}${CRLF}`,
    sender: CLIENT,
    address: CLIENT,
    port: 52_230,
    ...rest,
  }
}

function eprt(words: string, rest: Partial<WireAnnouncement> = {}): WireAnnouncement {
  return { ...port(words), kind: 'EPRT', ...rest }
}

function pasv(words: string, rest: Partial<WireAnnouncement> = {}): WireAnnouncement {
  return {
    ...common,
    kind: '227',
    words,
    head: `${words}${CRLF}`,
    asked: 'PASV',
    sender: SERVER,
    address: SERVER,
    port: 50_005,
    ...rest,
  }
}

function epsv(words: string, rest: Partial<WireAnnouncement> = {}): WireAnnouncement {
  return { ...pasv(words), kind: '229', asked: 'EPSV', address: null, ...rest }
}

const common: Pick<
  WireAnnouncement,
  'multiLine' | 'bareLineFeed' | 'form' | 'place' | 'asked' | 'ipv6' | 'pipelined' | 'serverPort'
> = {
  multiLine: false,
  bareLineFeed: false,
  form: 'plain',
  place: null,
  asked: null,
  ipv6: false,
  pipelined: false,
  serverPort: 21,
}

const GOOD_PORT = '192,168,1,10,204,6'
const GOOD_227 = 'Entering Passive Mode (203,0,113,20,195,85).'
const GOOD_229 = 'Entering Extended Passive Mode (|||50005|)'

/** By ALG: + recognized, - missed, x dropped, ! closed; in the order of `ALGS`. */
const table: readonly (readonly [string, WireAnnouncement, string])[] = [
  ['PORT in its usual form', port(GOOD_PORT), '++++++'],
  ['a 227 in its usual form', pasv(GOOD_227), '++++++'],
  ['a 229 in its usual form', epsv(GOOD_229), '++++++'],
  ['EPRT in its usual form', eprt(`|1|${CLIENT}|52230|`), '++-+++'],
  ['two blanks after PORT', port(` ${GOOD_PORT}`), 'x+-+++'],
  ['a blank after PORT’s numbers', port(`${GOOD_PORT} `), 'x+-+!+'],
  ['PORT that ends in a bare LF', port(GOOD_PORT, { bareLineFeed: true, head: ` ${GOOD_PORT}\n` }), 'x+-++!'],
  ['PORT of another address', port('10,9,8,7,204,6', { address: '10.9.8.7' }), '-+x-++'],
  ['PORT of a service port', port('192,168,1,10,0,25', { port: 25 }), '++--!!'],
  ['PORT after another line of its segment', port(GOOD_PORT, { place: 'behind' }), '--+-++'],
  ['PORT split before its CRLF', port(GOOD_PORT, { place: 'split', head: ` ${GOOD_PORT}` }), 'x---++'],
  ['PORT split before its LF', port(GOOD_PORT, { place: 'split', head: ` ${GOOD_PORT}\r` }), '++-+++'],
  ['a 227 split before its CRLF', pasv(GOOD_227, { place: 'split', head: GOOD_227 }), '++-+++'],
  ['a blank before PORT', port(GOOD_PORT, { form: 'indented' }), '-----+'],
  ['a tab after PORT', port(GOOD_PORT, { form: 'tab', head: `\t${GOOD_PORT}${CRLF}` }), 'x+---+'],
  ['PORT without one of its numbers', port('192,168,,10,204,6', { address: null, port: null }), '-+--!+'],
  ['PORT with a seventh number', port(`${GOOD_PORT},1`, { address: null, port: null }), 'x+--!!'],
  ['EPRT with an octet above 255', eprt('|1|192.168.1.300|52230|', { address: null }), '----!+'],
  ['EPRT of port 0', eprt(`|1|${CLIENT}|0|`, { port: 0 }), 'x---!!'],
  ['EPRT of a port above 65535', eprt(`|1|${CLIENT}|117766|`, { port: 117_766 }), '----!+'],
  ['EPRT without its last delimiter', eprt(`|1|${CLIENT}|52230`), 'x---++'],
  ['EPRT of an address in brackets', eprt('|2|[fd00::1]|52230|', { ipv6: true, sender: 'fd00::1' }), 'x---!+'],
  ['a 229 with a digit as delimiter', epsv('Entering Extended Passive Mode (111500051)'), 'x-+-!+'],
  ['a 229 of a port above 65535', epsv('Ready (|||115541|)', { port: 115_541 }), '----!+'],
  ['a 227 that is not closed', pasv('Entering Passive Mode (203,0,113,20,195,85'), '+++-++'],
  ['PORT split over two segments', port(GOOD_PORT, { place: 'split', head: ' 192,168,1,10,2' }), 'x---++'],
  ['PORT before the reply to the command before it', port(GOOD_PORT, { pipelined: true }), '+++++x'],
  ['a 227 without parentheses', pasv('Entering Passive Mode 203,0,113,20,195,85'), '+++-!+'],
  ['a 227 with blanks between its numbers', pasv('Entering Passive Mode (203, 0, 113, 20, 195, 85)'), 'x---!+'],
  ['a 227 in small letters', pasv('entering passive mode (203,0,113,20,195,85).'), '++-+++'],
  ['a 227 with a number before its tuple', pasv('Mode 2 on (203,0,113,20,195,85)'), 'x--+++'],
  ['a 227 with an octet above 255', pasv('Entering Passive Mode (203,0,113,300,195,85)', { address: null }), '----!+'],
  ['a 227 of another address', pasv('Entering Passive Mode (10,0,0,21,195,85).', { address: '10.0.0.21' }), '-+--++'],
  ['a 227 with words after the port', pasv('Entering Passive Mode (203,0,113,20,195,85) for you'), '++-+!!'],
  ['a 227 that answers EPSV', pasv(GOOD_227, { asked: 'EPSV' }), '+-++-+'],
  ['a 227 over IPv6', pasv(GOOD_227, { ipv6: true, sender: '2001:db8::20' }), '----!+'],
  ['a 227 in the last of several lines', pasv(GOOD_227, { multiLine: true }), '--+--+'],
  ['a 229 in other words', epsv('Extended Passive mode OK (|||50005|)'), '++-+++'],
  ['a 229 with another delimiter', epsv('Entering Extended Passive Mode (!!!50005!)'), '++-+!+'],
  ['a 229 without parentheses', epsv('Entering Extended Passive Mode |||50005|'), 'x-+-!+'],
  [
    'a 229 that names an address',
    epsv(`Entering Extended Passive Mode (|1|${SERVER}|50005|)`, { address: SERVER }),
    'x+--!+',
  ],
  ['EPRT of the other family', eprt('|2|2001:db8::10|52230|', { address: '2001:db8::10' }), 'x---++'],
  ['LPRT', port('4,4,192,168,1,10,2,204,6', { kind: 'LPRT' }), '------'],
  ['a 228', pasv('Entering Long Passive Mode (4,4,203,0,113,20,2,195,85)', { kind: '228', asked: 'LPSV' }), '------'],
  [
    'a 229 that answers EPSV 2 over IPv6',
    epsv(GOOD_229, { asked: 'EPSV 2', ipv6: true, sender: '2001:db8::20' }),
    '++--++',
  ],
  [
    'a 229 that answers EPSV 1 over IPv6',
    epsv(GOOD_229, { asked: 'EPSV 1', ipv6: true, sender: '2001:db8::20' }),
    '+---++',
  ],
  ['EPRT with a name instead of an address', eprt('|1|client|52230|', { address: null }), 'x---!+'],
  ['EPRT with an octet above 255', eprt('|1|192.168.300.10|52230|', { address: null }), '----!+'],
  ['PORT with letters for numbers', port('a,b,c,d,e,f', { address: null, port: null }), 'x---!!'],
  ['PORT of a service', port('192,168,1,10,0,25', { port: 25 }), '++--!!'],
  ['another control port', pasv(GOOD_227, { serverPort: 2121 }), '--+-++'],
]

const SIGNS: Record<Treatment, string> = { recognized: '+', missed: '-', dropped: 'x', closed: '!' }

describe('An announcement as a device on the path sees it', () => {
  const sent = (...lines: readonly (readonly [string, string])[]) => {
    const session = played(inLan(''), (control) => {
      for (const [command, answer] of lines) ask(control, command, answer)
      quit(control)
    })
    const facts = new SessionFacts(session)
    return session.dialogue.announcements.map((announcement) => wireAnnouncement(facts, announcement))
  }

  it('is the word after the verb with its line end, also where that is a tab or nothing', () => {
    const [tab] = sent(['PORT\t10,1,0,2,204,76', '200 Ok.'])
    expect(tab).toMatchObject({ kind: 'PORT', form: 'tab', head: '\t10,1,0,2,204,76\r\n', asked: null })
    const [bare] = sent(['PORT', '501 Missing argument.'])
    expect(bare).toMatchObject({ words: '', head: '\r\n', port: null })
  })

  it('has the command that asked for it, with its argument', () => {
    const [plain, family] = sent(['EPSV', `229 ${GOOD_229}`], ['EPSV 1', `229 ${GOOD_229}`])
    expect([plain?.asked, family?.asked]).toEqual(['EPSV', 'EPSV 1'])
  })

  it('has the last line of a multi-line reply', () => {
    const [found] = sent(['PASV', `227-Listening\r\n227 ${GOOD_227}`])
    expect(found).toMatchObject({ words: GOOD_227, multiLine: true })
  })

  it('is none where a passive verb was refused', () => {
    expect(sent(['PASV', '502 No.'])).toEqual([null])
  })
})

describe('The ALGs, replayed', () => {
  it.each(table)('%s', (_, announcement, expected) => {
    const treated = ALGS.map((alg) => SIGNS[predict(alg, announcement).treatment]).join('')
    expect(treated).toBe(expected)
  })

  it('say where their rules are written, and why they decide', () => {
    for (const { source, rules } of ALGS) {
      expect(source.length).toBeGreaterThan(20)
      for (const { why } of rules) expect(why).toMatch(/^\S.{10,}[^.]$/)
    }
  })
})
