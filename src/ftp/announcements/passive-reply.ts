import { fromTuple, hasNul, hostPort, malformed, NUL_INSIDE, TUPLE_LENGTHS, type HostPort } from './host-port.js'
import { fromLongTuple, LONG_TUPLE_LENGTHS } from './long-address.js'
import { numberRuns, type NumberRun } from './number-run.js'

/** An open parenthesis in this many characters at the end of a reply means that the reply is incomplete. */
const LAST_SEARCHED = 100

/**
 * 227 (RFC 959 §4.1.2, RFC 1123 §4.1.2.6): six numbers anywhere in the text, with or without parentheses.
 * `227 Entering Passive Mode (192,0,2,9,195,80).`, `227 =127,0,0,1,4,51`, `227-listening` … `227 (127,0,0,1,154,21)`.
 */
export function parse227(text: string): HostPort {
  return parseTuple(text, TUPLE_LENGTHS, fromTuple)
}

/** 228 (RFC 1639): `228 Entering Long Passive Mode (4,4,192,0,2,9,2,195,80)`. */
export function parse228(text: string): HostPort {
  return parseTuple(text, LONG_TUPLE_LENGTHS, fromLongTuple)
}

/** The reply to Pure-FTPd's SPSV: `227 50005`, a port at the control connection's server. */
export function parseSpsv(text: string): HostPort {
  const digits = /^\s{0,8}(\d{1,8})\s{0,8}\.?$/.exec(text)?.[1]
  return digits === undefined ? parse227(text) : hostPort(null, Number(digits))
}

function parseTuple(
  text: string,
  lengths: readonly number[],
  read: (numbers: readonly string[]) => HostPort,
): HostPort {
  const runs = numberRuns(text)
  let failed: HostPort | null = null
  for (const run of runs) {
    if (!lengths.includes(run.numbers.length)) continue
    const result = hasNul(text) ? malformed(NUL_INSIDE) : isUnclosed(text, run) ? UNCLOSED : read(run.numbers)
    if (result.kind === 'host-port') return result
    failed ??= result
  }
  if (failed) return failed
  const longest = runs.reduce<NumberRun | null>(
    (best, run) => (run.numbers.length > (best?.numbers.length ?? 1) ? run : best),
    null,
  )
  if (longest) return malformed(`${longest.numbers.length} numbers instead of ${lengths.join(' or ')}`)
  if (/\([^)]*$/.test(text.slice(-LAST_SEARCHED))) return UNCLOSED
  return { kind: 'none', reason: 'no address and port in the reply' }
}

const UNCLOSED = malformed('the parenthesis is not closed')

/** `Passive Mode (192,0,2,9,195,8`: the last number may be incomplete, so the port would be a guess. */
function isUnclosed(text: string, run: NumberRun): boolean {
  let before = run.start - 1
  while (text[before] === ' ' || text[before] === '\t') before--
  return text[before] === '(' && !text.includes(')', run.end)
}
