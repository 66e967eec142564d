import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { announcedAddress } from '../../src/ftp/announcements/announced-address.js'
import { client, hear, server, type Speech } from '../ftp/talk.js'
import { addressText } from '../../src/wire/address.js'
import { cases, check } from './check.js'

const octet = fc.nat({ max: 255 })
const ipv4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'))
const ipv6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => addressText(bytes, 0, 6))
const port = fc.integer({ min: 1, max: 65_535 })
/** What RFC 2428 §2 admits, less the characters of numbers and addresses. */
const delimiter = fc.constantFrom(...Array.from('!"#$%&\'*+,-/;<=>?@[]^_`{|}~ghxyzGHXYZ'))
const blanks = fc.constantFrom('', ' ', '  ', '\t')
const lineEnd = fc.constantFrom('\r\n', '\n')
/** Prose that holds no numbers, as servers put before the tuple. */
const prose = fc.constantFrom(
  'Entering Passive Mode',
  'Passiv-Modus aktiv.',
  'ok',
  '=',
  'mode on srv01',
  'listen (see manual)',
)

interface Printed {
  speeches: Speech[]
  address: string | null
  port: number
}

/** Upper and lower case, letter by letter. */
function anyCase(word: string): fc.Arbitrary<string> {
  return fc
    .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
    .map((upper) => Array.from(word, (letter, at) => (upper[at] ? letter : letter.toLowerCase())).join(''))
}

/** A command of the client with an argument, which the server takes. */
function command(
  verb: string,
  argument: fc.Arbitrary<Omit<Printed, 'speeches'> & { text: string }>,
): fc.Arbitrary<Printed> {
  return fc.record({ verb: anyCase(verb), before: blanks, behind: blanks, end: lineEnd, argument }).map((printed) => {
    const { text, ...announced } = printed.argument
    const line = `${printed.verb} ${printed.before}${text}${printed.behind}${printed.end}`
    return { speeches: [client(line), server('200 ok\r\n')], ...announced }
  })
}

/** The answer to a command, in one line or as the last of several. */
function answer(
  ask: string | fc.Arbitrary<string>,
  code: number,
  words: fc.Arbitrary<Omit<Printed, 'speeches'> & { text: string }>,
  lines = fc.boolean(),
): fc.Arbitrary<Printed> {
  const asked = typeof ask === 'string' ? anyCase(ask) : ask
  return fc.record({ asked, several: lines, end: lineEnd, words }).map((printed) => {
    const { text, ...announced } = printed.words
    const first = printed.several ? `${code}-listen socket created${printed.end}` : ''
    return {
      speeches: [client(`${printed.asked}\r\n`), server(`${first}${code} ${text}${printed.end}`)],
      ...announced,
    }
  })
}

const padded = (number: number, zeros: boolean) => (zeros ? String(number).padStart(3, '0') : String(number))
const portOctets = (number: number) => [number >> 8, number & 255]

/** h1,h2,h3,h4,p1,p2 with blanks around the commas, and perhaps with leading zeros. */
const tuple = fc
  .record({ address: ipv4, port, zeros: fc.boolean(), gap: blanks })
  .map(({ address, port, zeros, gap }) => ({
    address,
    port,
    text: [...address.split('.').map(Number), ...portOctets(port)]
      .map((each) => padded(each, zeros))
      .join(`${gap},${gap}`),
  }))

const longTuple = fc.record({ address: fc.oneof(ipv4, ipv6), port }).map(({ address, port }) => {
  const octets = address.includes(':') ? [...bytesOf(address)] : address.split('.').map(Number)
  const family = octets.length === 4 ? 4 : 6
  return { address, port, text: [family, octets.length, ...octets, 2, ...portOctets(port)].join(',') }
})

/** Bytes of an address as RFC 5952 writes it; read here by the rules of the text, apart from the code under test. */
function bytesOf(address: string): number[] {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const hex = (value: number) => value.toString(16)
  const plain = dotted
    ? address.slice(0, dotted.index) +
      `${hex(Number(dotted[1]) * 256 + Number(dotted[2]))}:${hex(Number(dotted[3]) * 256 + Number(dotted[4]))}`
    : address
  const [head = '', tail] = plain.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)))
  const [before, behind] = [groups(head), groups(tail ?? '')]
  const all = [
    ...before,
    ...Array<number>(tail === undefined ? 0 : 8 - before.length - behind.length).fill(0),
    ...behind,
  ]
  return all.flatMap((group) => [group >> 8, group & 255])
}

const extended = fc.record({ address: fc.oneof(ipv4, ipv6), port, d: delimiter }).map(({ address, port, d }) => ({
  address,
  port,
  text: [``, address.includes(':') ? '2' : '1', address, port, ''].join(d),
}))

const wrapped = (words: fc.Arbitrary<Omit<Printed, 'speeches'> & { text: string }>) =>
  fc
    .record({
      words,
      prose,
      form: fc.constantFrom('(…)', '(…).', '( … )', '…', '….'),
      gap: fc.constantFrom(' ', '\t', ''),
    })
    .map(({ words, prose, form, gap }) => ({
      ...words,
      text: `${prose}${form.startsWith('(') ? gap : ' '}${form.replace('…', () => words.text)}`,
    }))

const epsvFields = fc
  .record({ port, d: delimiter, address: fc.option(fc.oneof(ipv4, ipv6)), protocol: fc.boolean(), zeros: fc.boolean() })
  .map(({ port, d, address, protocol, zeros }) => {
    const family = address === null || !protocol ? '' : address.includes(':') ? '2' : '1'
    return { address, port, text: ['', family, address ?? '', zeros ? `0${port}` : port, ''].join(d) }
  })
const inParentheses = fc
  .record({ fields: epsvFields, prose, behind: fc.constantFrom('', '.', ' ') })
  .map(({ fields, prose, behind }) => ({ ...fields, text: `${prose} (${fields.text})${behind}` }))
/** Without parentheses only punctuation stands out from the prose. */
const bare229 = fc.record({ port, d: fc.constantFrom('|', '!', '#') }).map(({ port, d }) => ({
  address: null,
  port,
  text: `${d}${d}${d}${port}${d}`,
}))

/** Every form that is accepted, as a client or server would print it. */
const FORMS: Record<string, fc.Arbitrary<Printed>> = {
  PORT: command('PORT', tuple),
  EPRT: command('EPRT', extended),
  'EPRT with a zone': command(
    'EPRT',
    fc
      .record({ address: ipv6, port })
      .map(({ address, port }) => ({ address, port, text: `|2|${address}%eth0|${port}|` })),
  ),
  LPRT: command('LPRT', longTuple),
  '227 to PASV': answer('PASV', 227, wrapped(tuple)),
  '227 to CPSV': answer('CPSV', 227, wrapped(tuple)),
  '227 to EPSV': answer('EPSV', 227, wrapped(tuple)),
  '227 of a bare tuple': answer('PASV', 227, tuple),
  '227 of a bare port, to SPSV': answer(
    'SPSV',
    227,
    port.map((number) => ({ address: null, port: number, text: String(number) })),
    fc.constant(false),
  ),
  '228 to LPSV': answer('LPSV', 228, wrapped(longTuple)),
  '229 to EPSV': answer(fc.constantFrom('EPSV', 'epsv', 'EPSV 1', 'EPSV 2'), 229, inParentheses),
  '229 to PASV': answer('PASV', 229, inParentheses),
  '229 without parentheses': answer('EPSV', 229, bare229),
}

const GREETING = [server('220 ready\r\n'), client('USER a\r\n'), server('230 in\r\n')]

describe('An announcement is read as it was printed', () => {
  it.each(Object.entries(FORMS))('%s', (_, form) => {
    check(
      fc.property(form, ({ speeches, address, port }) => {
        const { announced } = hear([...GREETING, ...speeches])
        expect(announced).toHaveLength(1)
        expect(announced[0]).toMatchObject({ address, port, malformed: null, accepted: true })
      }),
      cases(50, 200),
    )
  })
})

describe('Words of any kind', () => {
  /** Pieces of announcements, put together as no server would. */
  const pieces = fc.constantFrom(
    ...[
      '(',
      ')',
      ',',
      '|',
      '|||',
      '!',
      '256',
      '0',
      '00',
      '-1',
      '1e3',
      '0x50',
      '65535',
      '65536',
      '4294967297',
      '6',
      '4',
      '16',
    ],
    ...[
      '192.0.2.1',
      '1.2.3',
      '::',
      '::1',
      '2001:db8::1',
      '%eth0',
      ' ',
      '\t',
      '.',
      '\0',
      '127,0,0,1,',
      '|1|',
      '|2|',
      '٣',
      '１２',
    ],
  )
  const proper = fc.constantFrom(
    '(192,0,2,9,195,80)',
    '192,0,2,5,24,131',
    '(|||6446|)',
    '|2|2001:db8::1|5282|',
    '!1!192.0.2.5!6275!',
    '(4,4,192,0,2,9,2,195,80)',
    '6,16,32,1,13,184,0,0,0,0,0,0,0,0,0,0,0,1,2,195,80',
  )
  const spoilt = fc
    .record({ proper, at: fc.nat(50), length: fc.nat(4), piece: fc.oneof(pieces, fc.constant('')) })
    .map(({ proper, at, length, piece }) => proper.slice(0, at) + piece + proper.slice(at + length))
  const words = fc.oneof(
    { arbitrary: spoilt, weight: 3 },
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.array(pieces, { maxLength: 24 }).map((parts) => parts.join('')),
    fc.stringMatching(/^[(),|!0-9 .:a-f-]{0,60}$/),
  )
  const bytes = (text: string) => new TextEncoder().encode(text.replace(/[\r\n]/g, ' '))
  const line = (head: string, text: string) => Uint8Array.from([...bytes(head), ...bytes(text), 13, 10])
  const asked = fc.constantFrom('PASV', 'EPSV', 'LPSV', 'CPSV', 'SPSV')

  it('announce a port from 1 to 65535 and a valid address, or nothing', () => {
    const speeches = fc.oneof(
      fc
        .record({ verb: fc.constantFrom('PORT', 'EPRT', 'LPRT'), words })
        .map(({ verb, words }): Speech[] => [{ from: 'client', bytes: line(`${verb} `, words) }, server('200 ok\r\n')]),
      fc
        .record({ asked, code: fc.constantFrom(227, 228, 229), words })
        .map(({ asked, code, words }): Speech[] => [
          client(`${asked}\r\n`),
          { from: 'server', bytes: line(`${code} `, words) },
        ]),
    )
    const runs = cases(500, 5000)
    let read = 0
    check(
      fc.property(speeches, (dialogue) => {
        const { announced } = hear([...GREETING, ...dialogue])
        expect(announced.length).toBeLessThanOrEqual(1)
        for (const { port, address } of announced) {
          read++
          expect(Number.isInteger(port) && port! >= 1 && port! <= 65_535).toBe(true)
          // In the one form in which addresses of packets are written, so that the two can be compared.
          if (address !== null) expect(announcedAddress(address)?.address).toBe(address)
        }
      }),
      runs,
    )
    expect(read).toBeGreaterThan(runs / 50)
  })
})
