/**
 * Every form in which an announcement can come: the usual ones, the odd ones that servers and clients send, and those
 * that are wrong.
 */

export interface Variant {
  readonly name: string
  readonly family: 4 | 6
  /** Who says it. */
  readonly by: 'client' | 'server'
  /** The command that a reply answers. */
  readonly asked?: string
  /** TCP segments, as they leave the host. */
  readonly segments: readonly string[]
}

export const ADDRESSES = {
  4: { client: '192.168.77.10', server: '203.0.113.77' },
  6: { client: 'fd00:77::10', server: '2001:db8:77::20' },
} as const

const tuple = (address: string, high = 195, low = 85): string => `${address.replaceAll('.', ',')},${high},${low}`
const MINE = tuple(ADDRESSES[4].client)
const YOURS = tuple(ADDRESSES[4].server)
const CRLF = '\r\n'

function port(name: string, ...segments: readonly string[]): Variant {
  return { name: `PORT: ${name}`, family: 4, by: 'client', segments }
}

function eprt(family: 4 | 6, name: string, ...segments: readonly string[]): Variant {
  return { name: `EPRT, IPv${family}: ${name}`, family, by: 'client', segments }
}

function pasv(name: string, words: string | readonly string[], asked = 'PASV', family: 4 | 6 = 4): Variant {
  const segments = typeof words === 'string' ? [words + CRLF] : words
  return { name: `227, IPv${family}: ${name}`, family, by: 'server', asked, segments }
}

function epsv(name: string, words: string | readonly string[], asked = 'EPSV', family: 4 | 6 = 4): Variant {
  const segments = typeof words === 'string' ? [words + CRLF] : words
  return { name: `229, IPv${family}: ${name}`, family, by: 'server', asked, segments }
}

const PORT_VARIANTS: readonly Variant[] = [
  port('as it should be', `PORT ${MINE}${CRLF}`),
  port('in small letters', `port ${MINE}${CRLF}`),
  port('in mixed letters', `PoRt ${MINE}${CRLF}`),
  port('zero padding', `PORT 192,168,077,010,195,085${CRLF}`),
  port('two blanks', `PORT  ${MINE}${CRLF}`),
  port('a tab', `PORT\t${MINE}${CRLF}`),
  port('a blank behind', `PORT ${MINE} ${CRLF}`),
  port('a blank behind a comma', `PORT 192,168,77,10, 195,85${CRLF}`),
  port('bare LF', `PORT ${MINE}\n`),
  port('CR CR LF', `PORT ${MINE}\r${CRLF}`),
  port('in parentheses', `PORT (${MINE})${CRLF}`),
  port('five numbers', `PORT 192,168,77,10,195${CRLF}`),
  port('seven numbers', `PORT ${MINE},1${CRLF}`),
  port('an empty number', `PORT 192,168,,10,195,85${CRLF}`),
  port('a letter among the numbers', `PORT 192,168,77,10,195,8x${CRLF}`),
  port('a sign', `PORT 192,168,77,10,195,-85${CRLF}`),
  port('dots for commas', `PORT 192.168.77.10,195,85${CRLF}`),
  port('an octet of the address above 255', `PORT 192,168,77,266,195,85${CRLF}`),
  port('an octet of the port above 255', `PORT 192,168,77,10,300,85${CRLF}`),
  port('port 0', `PORT 192,168,77,10,0,0${CRLF}`),
  port('a port below 1024', `PORT 192,168,77,10,0,25${CRLF}`),
  port('another host', `PORT 192,168,77,99,195,85${CRLF}`),
  port('a public address', `PORT 198,51,100,9,195,85${CRLF}`),
  port('0.0.0.0', `PORT 0,0,0,0,195,85${CRLF}`),
  port('without an argument', `PORT${CRLF}`),
  port('split in the numbers', 'PORT 192,168,77,', `10,195,85${CRLF}`),
  port('split in the verb', 'PO', `RT ${MINE}${CRLF}`),
  port('split behind the verb', 'PORT', ` ${MINE}${CRLF}`),
  port('split before CRLF', `PORT ${MINE}`, CRLF),
  port('split between CR and LF', `PORT ${MINE}\r`, '\n'),
  port('behind another command', `NOOP${CRLF}PORT ${MINE}${CRLF}`),
  port('before another command', `PORT ${MINE}${CRLF}NOOP${CRLF}`),
  port('a second one behind it', `PORT ${MINE}${CRLF}PORT ${tuple(ADDRESSES[4].client, 200, 1)}${CRLF}`),
  port('before the reply to the command before it', `NOOP${CRLF}`, `PORT ${MINE}${CRLF}`),
  port('behind an unfinished line', 'NO', `OP${CRLF}PORT ${MINE}${CRLF}`),
  port('a blank before the verb', ` PORT ${MINE}${CRLF}`),
]

const EPRT_VARIANTS: readonly Variant[] = [
  eprt(4, 'as it should be', `EPRT |1|${ADDRESSES[4].client}|50005|${CRLF}`),
  eprt(4, 'in small letters', `eprt |1|${ADDRESSES[4].client}|50005|${CRLF}`),
  eprt(4, 'another delimiter', `EPRT !1!${ADDRESSES[4].client}!50005!${CRLF}`),
  eprt(4, 'a letter as delimiter', `EPRT x1x${ADDRESSES[4].client}x50005x${CRLF}`),
  eprt(4, 'mixed delimiters', `EPRT |1|${ADDRESSES[4].client}!50005!${CRLF}`),
  eprt(4, 'unterminated', `EPRT |1|${ADDRESSES[4].client}|50005${CRLF}`),
  eprt(4, 'the other family', `EPRT |2|2001:db8::1|50005|${CRLF}`),
  eprt(4, 'family 2 with an IPv4 address', `EPRT |2|${ADDRESSES[4].client}|50005|${CRLF}`),
  eprt(4, 'an unknown family', `EPRT |3|${ADDRESSES[4].client}|50005|${CRLF}`),
  eprt(4, 'another host', `EPRT |1|192.168.77.99|50005|${CRLF}`),
  eprt(4, 'two blanks', `EPRT  |1|${ADDRESSES[4].client}|50005|${CRLF}`),
  eprt(4, 'a blank behind', `EPRT |1|${ADDRESSES[4].client}|50005| ${CRLF}`),
  eprt(4, 'bare LF', `EPRT |1|${ADDRESSES[4].client}|50005|\n`),
  eprt(4, 'port 0', `EPRT |1|${ADDRESSES[4].client}|0|${CRLF}`),
  eprt(4, 'a port above 65535', `EPRT |1|${ADDRESSES[4].client}|115541|${CRLF}`),
  eprt(4, 'a port that wraps around to 0', `EPRT |1|${ADDRESSES[4].client}|65536|${CRLF}`),
  eprt(4, 'an octet above 255', `EPRT |1|192.168.77.266|50005|${CRLF}`),
  eprt(4, 'zero padding', `EPRT |1|192.168.077.010|050005|${CRLF}`),
  eprt(4, 'split', `EPRT |1|${ADDRESSES[4].client}|`, `50005|${CRLF}`),
  eprt(6, 'as it should be', `EPRT |2|${ADDRESSES[6].client}|50005|${CRLF}`),
  eprt(6, 'written out', `EPRT |2|fd00:0077:0:0:0:0:0:0010|50005|${CRLF}`),
  eprt(6, 'in capital letters', `EPRT |2|FD00:77::10|50005|${CRLF}`),
  eprt(6, 'another delimiter', `EPRT !2!${ADDRESSES[6].client}!50005!${CRLF}`),
  eprt(6, 'another host', `EPRT |2|fd00:77::99|50005|${CRLF}`),
  eprt(6, 'the other family', `EPRT |1|${ADDRESSES[4].client}|50005|${CRLF}`),
  eprt(6, 'an address with a zone', `EPRT |2|fe80::1%eth0|50005|${CRLF}`),
  eprt(6, 'an address in brackets', `EPRT |2|[${ADDRESSES[6].client}]|50005|${CRLF}`),
  eprt(6, 'PORT', `PORT ${MINE}${CRLF}`),
]

const PASV_VARIANTS: readonly Variant[] = [
  pasv('as it should be', `227 Entering Passive Mode (${YOURS}).`),
  pasv('without the point', `227 Entering Passive Mode (${YOURS})`),
  pasv('without parentheses', `227 Entering Passive Mode ${YOURS}`),
  pasv('only the numbers', `227 ${YOURS}`),
  pasv('with an equals sign', `227 =${YOURS}`),
  pasv('in small letters', `227 entering passive mode (${YOURS})`),
  pasv('zero padding', '227 Entering Passive Mode (203,000,113,077,195,085)'),
  pasv('blanks between the numbers', '227 Entering Passive Mode (203, 0, 113, 77, 195, 85)'),
  pasv('a blank in the parentheses', `227 Entering Passive Mode ( ${YOURS} )`),
  pasv('a number before the numbers', `227 Mode 2 on (${YOURS})`),
  pasv('a number in the name of the server', `227 srv01: Entering Passive Mode (${YOURS})`),
  pasv('words behind', `227 Entering Passive Mode (${YOURS}) for 60 seconds`),
  pasv('unclosed', `227 Entering Passive Mode (${YOURS}`),
  pasv('five numbers', '227 Entering Passive Mode (203,0,113,77,195)'),
  pasv('seven numbers', `227 Entering Passive Mode (${YOURS},1)`),
  pasv('no numbers', '227 Entering Passive Mode'),
  pasv('an octet of the address above 255', '227 Entering Passive Mode (203,0,113,333,195,85)'),
  pasv('an octet of the port above 255', '227 Entering Passive Mode (203,0,113,77,300,85)'),
  pasv('port 0', '227 Entering Passive Mode (203,0,113,77,0,0)'),
  pasv('a port below 1024', '227 Entering Passive Mode (203,0,113,77,0,25)'),
  pasv('another address', '227 Entering Passive Mode (10,0,0,21,195,85)'),
  pasv('0.0.0.0', '227 Entering Passive Mode (0,0,0,0,195,85)'),
  pasv('bare LF', [`227 Entering Passive Mode (${YOURS})\n`]),
  pasv('several lines, the numbers in the last', `227-Listening${CRLF}227 (${YOURS})`),
  pasv('several lines, the numbers in the first', `227-(${YOURS})${CRLF}227 End`),
  pasv('split in the words', ['227 Entering Pass', `ive Mode (${YOURS})${CRLF}`]),
  pasv('split in the numbers', ['227 Entering Passive Mode (203,0,113,', `77,195,85)${CRLF}`]),
  pasv('split in the last number', [`227 Entering Passive Mode (203,0,113,77,195,8`, `5)${CRLF}`]),
  pasv('split before CRLF', [`227 Entering Passive Mode (${YOURS})`, CRLF]),
  pasv('split in the code', ['22', `7 Entering Passive Mode (${YOURS})${CRLF}`]),
  pasv('behind another reply', `200 OK${CRLF}227 Entering Passive Mode (${YOURS})`),
  pasv('before another reply', `227 Entering Passive Mode (${YOURS})${CRLF}150 Here it comes`),
  pasv('answers EPSV', `227 Entering Passive Mode (${YOURS})`, 'EPSV'),
  pasv('answers PASV in small letters', `227 Entering Passive Mode (${YOURS})`, 'pasv'),
  pasv('over IPv6', `227 Entering Passive Mode (${YOURS})`, 'PASV', 6),
]

const EPSV_VARIANTS: readonly Variant[] = ([4, 6] as const).flatMap((family) => [
  epsv('as it should be', '229 Entering Extended Passive Mode (|||50005|)', 'EPSV', family),
  epsv('with a point', '229 Entering Extended Passive Mode (|||50005|).', 'EPSV', family),
  epsv('other words', '229 Extended Passive mode OK (|||50005|)', 'EPSV', family),
  epsv('another delimiter', '229 Entering Extended Passive Mode (!!!50005!)', 'EPSV', family),
  epsv('a letter as delimiter', '229 Entering Extended Passive Mode (xxx50005x)', 'EPSV', family),
  epsv('a digit as delimiter', '229 Entering Extended Passive Mode (111500051)', 'EPSV', family),
  epsv('mixed delimiters', '229 Entering Extended Passive Mode (|!|50005|)', 'EPSV', family),
  epsv('another closing delimiter', '229 Entering Extended Passive Mode (|||50005!)', 'EPSV', family),
  epsv('unterminated', '229 Entering Extended Passive Mode (|||50005', 'EPSV', family),
  epsv('without parentheses', '229 Entering Extended Passive Mode |||50005|', 'EPSV', family),
  epsv('a parenthesis before it', '229 Extended Passive Mode (RFC 2428) (|||50005|)', 'EPSV', family),
  epsv('a blank in the parentheses', '229 Entering Extended Passive Mode ( |||50005| )', 'EPSV', family),
  epsv('port 0', '229 Entering Extended Passive Mode (|||0|)', 'EPSV', family),
  epsv('a port above 65535', '229 Entering Extended Passive Mode (|||115541|)', 'EPSV', family),
  epsv('a port that wraps around to 0', '229 Entering Extended Passive Mode (|||65536|)', 'EPSV', family),
  epsv('no port', '229 Entering Extended Passive Mode (||||)', 'EPSV', family),
  epsv('zero padding', '229 Entering Extended Passive Mode (|||050005|)', 'EPSV', family),
  epsv(
    'an address',
    `229 Entering Extended Passive Mode (|${family === 4 ? 1 : 2}|${ADDRESSES[family].server}|50005|)`,
    'EPSV',
    family,
  ),
  epsv('bare LF', ['229 Entering Extended Passive Mode (|||50005|)\n'], 'EPSV', family),
  epsv('several lines', `229-Listening${CRLF}229 (|||50005|)`, 'EPSV', family),
  epsv('split', ['229 Entering Extended Passive Mode (|||5', `0005|)${CRLF}`], 'EPSV', family),
  epsv('behind another reply', `200 OK${CRLF}229 Entering Extended Passive Mode (|||50005|)`, 'EPSV', family),
  epsv('answers EPSV with its family', '229 Ready (|||50005|)', family === 4 ? 'EPSV 1' : 'EPSV 2', family),
  epsv('answers PASV', '229 Entering Extended Passive Mode (|||50005|)', 'PASV', family),
])

/** Known to no tracker here. */
const LONG_VARIANTS: readonly Variant[] = [
  { name: 'LPRT, IPv4', family: 4, by: 'client', segments: [`LPRT 4,4,192,168,77,10,2,195,85${CRLF}`] },
  {
    name: '228, IPv4',
    family: 4,
    by: 'server',
    asked: 'LPSV',
    segments: [`228 Entering Long Passive Mode (4,4,203,0,113,77,2,195,85)${CRLF}`],
  },
]

/**
 * The kernel expects a connection to one endpoint once, so that each variant announces a port of its own, from 50000
 * on.
 */
function withOwnPort(variant: Variant, index: number): Variant {
  const low = 80 + index
  const padded = String(low).padStart(3, '0')
  const own = (segment: string): string =>
    segment
      .replace(/195,85\b/, `195,${low}`)
      .replace(/195,085\b/, `195,${padded}`)
      .replace('50005', String(variantPort(index)))
      // That port and 65536: what 16 bits make of it is the port again.
      .replace('115541', String(115_536 + index))
  return { ...variant, segments: variant.segments.map(own) }
}

export const VARIANTS: readonly Variant[] = [
  ...PORT_VARIANTS,
  ...EPRT_VARIANTS,
  ...PASV_VARIANTS,
  ...EPSV_VARIANTS,
  ...LONG_VARIANTS,
].map(withOwnPort)

/** Port of the client's end of the control connection of a variant. */
export const clientPort = (index: number): number => 40_000 + index

/** Port that a variant announces, unless it says otherwise. */
export function variantPort(index: number): number {
  return 50_000 + index
}
