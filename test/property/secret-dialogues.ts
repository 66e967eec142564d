/** Dialogues with a secret in every place where one can stand. */
import fc from 'fast-check'
import type { FtpSession } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'
import type { Scene } from '../support/scene.js'

/** Two secrets between which reports must not differ: of one kind, as long in characters and in bytes. */
export interface Secrets {
  kind: Kind
  pair: readonly [string, string]
}

export type Kind = 'mixed' | 'letters' | 'symbols' | 'foreign' | 'digits' | 'words' | 'short'

const ALPHABETS: Record<Exclude<Kind, 'words'>, readonly string[]> = {
  mixed: ['ab7xQ', 'Zk29_', 'w0Rdy'],
  letters: ['bdfgjkqxz'],
  symbols: ['.*+?^$()[]|{}', 'x'],
  foreign: ['éüñó'],
  digits: ['123456789'],
  short: ['bdfgjkqxz'],
}
/** What the program's own reports and servers say: they must stay as they are. */
const WORDS = [
  'password',
  'rejected the login',
  'The network is not the cause',
  'incorrect',
  'failed',
  'FTP session',
  'directory',
]

function ofLength(kind: Exclude<Kind, 'words'>, length: number): fc.Arbitrary<string> {
  const unit = fc.constantFrom(...ALPHABETS[kind].join('').split(''))
  const text = fc.array(unit, { minLength: length, maxLength: length }).map((units) => units.join(''))
  // Letters alone are no mixture, symbols alone may be a line that a banner draws.
  if (kind === 'mixed') return text.map((each) => `q7${each}`)
  return kind === 'symbols' ? text.map((each) => `k(${each}`) : text
}

function pairOf(kind: Kind): fc.Arbitrary<Secrets> {
  const pair =
    kind === 'words'
      ? fc.constantFrom(...WORDS).chain((word) =>
          // The other one is no word that anybody says, with its blanks in the same places.
          ofLength('letters', word.length).map((text) => [word, blanksOf(word, text)] as const),
        )
      : fc
          .integer(
            kind === 'short' ? { min: 1, max: 3 } : kind === 'digits' ? { min: 6, max: 10 } : { min: 4, max: 20 },
          )
          .chain((length) => fc.tuple(ofLength(kind, length), ofLength(kind, length)))
  return pair.map((each) => ({ kind, pair: each }))
}

function blanksOf(word: string, text: string): string {
  return Array.from(word, (character, at) => (character === ' ' ? ' ' : text[at]!)).join('')
}

export const secretPairs: fc.Arbitrary<Secrets> = fc
  .constantFrom<Kind>('mixed', 'mixed', 'letters', 'symbols', 'foreign', 'digits', 'words', 'short')
  .chain(pairOf)

/** A step of a dialogue: plays it with one of two secrets. */
type Play = (session: FtpSession, secret: string) => void

export interface Step {
  name: string
  play: Play
  /** Kinds of secret for which it makes sense. */
  kinds?: readonly Kind[]
}

const utf8 = new TextEncoder()
/** As UTF-8; `\xNN` is that byte. */
export function bytes(text: string): Uint8Array {
  const parts = text.split(/\\x([0-9a-f]{2})/)
  return Uint8Array.from(parts.flatMap((part, at) => (at % 2 === 1 ? [parseInt(part, 16)] : [...utf8.encode(part)])))
}

const say = (session: FtpSession, line: string): void => void session.control.client(bytes(`${line}\r\n`))
const answer = (session: FtpSession, line: string): void => void session.control.server(bytes(`${line}\r\n`))

/** A line of the client with the secret in it, and its reply. */
function sent(line: (secret: string) => string, reply: string, kinds?: readonly Kind[]): Step {
  const play: Play = (session, secret) => {
    say(session, line(secret))
    answer(session, reply)
  }
  return { name: `> ${line('SECRET')} < ${reply}`, play, ...(kinds && { kinds }) }
}

/** Without characters that mean something in a URL or in an argument of several words. */
const PLAIN: readonly Kind[] = ['mixed', 'letters', 'foreign', 'digits']

/** How the secret is sent first. */
const LOGINS: readonly Step[] = [
  ...['230 ok', '530 no', '500 what'].flatMap((reply) => [
    ...[
      'PASS ',
      'PASS  ',
      'PASS\t',
      'PASS -',
      'PASS --',
      'pass ',
      ' PASS ',
      'PASSWORD ',
      'PASSWD ',
      'PASS:',
      'PASS=',
      'PASS: ',
    ].map((verb) => sent((secret) => verb + secret, reply)),
    ...[
      'PASS',
      'PASSWORD',
      'PASS\0',
      'PA\0SS ',
      'PASS\\xf2',
      'P\\xf2ASS ',
      'quote PASS ',
      'QUOTE PASS:',
      'ACCT ',
      'ADAT ',
      'XAUT 2 ',
    ].map((verb) => sent((secret) => verb + secret, reply)),
    ...['PASS\r\n', '', 'SS ', 'S ', 'SETPASS ', 'LOGIN alice '].map((verb) => sent((secret) => verb + secret, reply)),
    ...['AUTH PLAIN ', 'OPEN host bob ', 'USER bob ', 'USER bob:', 'SITE PASSWD ', 'SITE GPASS '].map((verb) =>
      sent((secret) => verb + secret, reply, PLAIN),
    ),
    sent((secret) => `PASS ${secret} `, reply),
    sent((secret) => `PASS old1st/${secret}/${secret}`, reply, PLAIN),
    sent((secret) => `PASS ${secret}@beyond7`, reply, PLAIN),
    sent((secret) => `USER bob:${secret}@host`, reply, PLAIN),
    sent((secret) => `SITE PSWD before1 ${secret}`, reply, PLAIN),
    sent((secret) => `SITE ADDUSER bob ${secret}`, reply, PLAIN),
    sent((secret) => `CWD ftp://alice:${secret}@host/`, reply, PLAIN),
  ]),
  {
    name: 'a gap before the secret',
    play: (session, secret) => {
      session.control.lost('client', 'PASS ')
      say(session, secret)
      answer(session, '530 no')
    },
  },
  {
    name: 'a gap inside the secret',
    kinds: ['mixed', 'letters', 'digits'],
    play: (session, secret) => {
      const [first, last] = [Math.ceil(secret.length / 3), secret.length - Math.floor(secret.length / 3)]
      session.control.client(bytes(`PASS ${secret.slice(0, first)}`))
      if (last > first) session.control.lost('client', bytes(secret.slice(first, last)))
      say(session, secret.slice(last))
      answer(session, `530 bad ${secret}`)
    },
  },
  {
    name: 'a gap instead of the secret',
    kinds: ['mixed', 'letters', 'digits'],
    play: (session, secret) => {
      session.control.lost('client', bytes(`PASS ${secret}\r\n`))
      answer(session, `530 bad ${secret}`)
      // What follows is known to be it by another attempt only.
      say(session, `PASS ${secret}`)
      answer(session, '530 no')
    },
  },
]

/** Where a server repeats it so that no stock sentence can be meant. */
const REPEATED: readonly ((echo: string) => string)[] = [
  (echo) => `500 '${echo}' not understood`,
  (echo) => `530 Login incorrect: ${echo}`,
  (echo) => `550 "/home/${echo}/x": no`,
  (echo) => `530 Login incorrect for alice/${echo}.`,
]
const NAMED: readonly ((echo: string) => string)[] = [
  (echo) => `530 bad ${echo}, sorry`,
  (echo) => `530 ${'x'.repeat(112)} ${echo} is wrong`,
  (echo) => `230-hi ${echo}\r\n text ${echo} here\r\n230 ok ${echo}`,
  (echo) => `unknown command PASS ${echo}`,
  (echo) => `257 "/home/${echo}" created`,
  (echo) => `421 Timeout of ${echo}`,
  (echo) => `220 ${echo} FTP`,
  (echo) => `331 x (last was ${echo})`,
]
const SENT_AGAIN: readonly ((echo: string) => string)[] = [
  (echo) => `CWD /x/${echo}/y`,
  (echo) => `MKD ${echo}`,
  (echo) => `STOR ${echo}.txt`,
  (echo) => `RETR a${echo}b`,
  (echo) => `LIST -la ${echo}`,
  (echo) => `SIZE ${echo}`,
  (echo) => `CLNT ${echo}`,
  (echo) => `CSID Name=${echo}; Version=1`,
  (echo) => `SITE UTIME ${echo}`,
  (echo) => `USER ${echo}`,
  (echo) => `XYZZY ${echo}`,
  (echo) => `CWD ftp://alice:${echo}@host/`,
  (echo) => echo,
]

/** The letter case, the normal form and the encoding of an echo need not be those of the secret. */
const CHANGES: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => secret.toUpperCase(),
  (secret) => secret.toLowerCase(),
  (secret) => secret.normalize('NFD'),
  (secret) => secret.replace(/[\u0080-\u00ff]/g, (letter) => `\\x${letter.charCodeAt(0).toString(16)}`),
  (secret) => String.fromCharCode(...utf8.encode(secret)),
]

const steps = (lines: readonly ((echo: string) => string)[], play: (line: string) => Play, kinds?: readonly Kind[]) =>
  lines.flatMap((line) =>
    CHANGES.map((change, at) => ({
      name: `${line('SECRET')} (${at})`,
      play: ((session, secret) => {
        play(line(change(secret)))(session, secret)
      }) satisfies Play,
      ...(kinds && { kinds }),
    })),
  )

const ECHOES: readonly Step[] = [
  ...steps(
    REPEATED,
    (line) => (session) => {
      say(session, 'NOOP')
      answer(session, line)
    },
    ['mixed', 'letters', 'symbols', 'foreign', 'digits', 'words'],
  ),
  ...steps(
    NAMED,
    (line) => (session) => {
      say(session, 'NOOP')
      answer(session, line)
    },
    ['mixed', 'letters', 'symbols', 'foreign', 'digits'],
  ),
  ...steps(
    SENT_AGAIN,
    (line) => (session) => {
      say(session, line)
      answer(session, '550 no')
    },
    PLAIN,
  ),
]

/** What has nothing to do with the secret. */
const OTHERS: readonly Step[] = [
  ['PWD', '257 "/" is the current directory'],
  ['TYPE I', '200 Switching to Binary mode.'],
  ['FEAT', '211-Features:\r\n MDTM\r\n REST STREAM\r\n UTF8\r\n211 End'],
  ['PASV', '227 Entering Passive Mode (203,0,113,20,195,80).'],
  ['USER alice', '331 Please specify the password.'],
  ['CWD /pub', '250 Directory successfully changed.'],
  ['SYST', '215 UNIX Type: L8'],
  ['RETR nothing', '550 Failed to open file.'],
  ['PASS wonderland', '530 Login incorrect.'],
].map(([line, reply]) => sent(() => line!, reply!))

const BEGINNINGS = ['220 (vsFTPd 3.0.3)', '220 ProFTPD Server (Debian) [203.0.113.20]', '220 ready']

export interface Plan {
  greeting: string
  steps: readonly Step[]
}

export function plansFor(kind: Kind): fc.Arbitrary<Plan> {
  const fitting = (all: readonly Step[]) => all.filter(({ kinds }) => !kinds || kinds.includes(kind))
  const echoes = fitting(ECHOES)
  return fc.record({
    greeting: fc.constantFrom(...BEGINNINGS),
    steps: fc
      .tuple(
        fc.array(fc.constantFrom(...OTHERS), { maxLength: 2 }),
        fc.array(fc.constantFrom(...fitting(LOGINS)), { minLength: 1, maxLength: 2 }),
        fc.array(fc.constantFrom(...(echoes.length > 0 ? echoes : OTHERS), ...OTHERS), { maxLength: 5 }),
      )
      .map((parts) => parts.flat()),
  })
}

export function playOut({ greeting, steps }: Plan, secret: string): Scene {
  const place = atClient('')
  const session = openControl(place)
  answer(session, greeting)
  say(session, 'USER alice')
  answer(session, '331 Please specify the password.')
  for (const { play } of steps) play(session, secret)
  say(session, 'QUIT')
  answer(session, '221 Goodbye.')
  session.control.close('client')
  return place.scene
}
