/** The key log that TLS libraries write for `SSLKEYLOGFILE` (RFC 9850): lines of label, client random and secret. */

/** What a line's secret is good for. */
export type SecretKind = 'master' | 'client-handshake' | 'server-handshake' | 'client-traffic' | 'server-traffic'

export interface KeyLogSink {
  /**
   * A line was read. `clientRandom` is in lower-case hexadecimal; `generation` is the N of CLIENT_TRAFFIC_SECRET_N, 0
   * for kinds without, `null` for the one after those before: after a KeyUpdate OpenSSL writes the letter N.
   */
  secret(kind: SecretKind, clientRandom: string, generation: number | null, secret: Uint8Array): void
}

/** What a key log contained; no part of it is key material. */
export interface KeyLogSummary {
  /** Lines with a secret that can decrypt records. */
  secrets: number
  /** Lines with a label that needs no decryption here: exporters, early data, ECH. */
  others: number
  malformed: number
  /** The first malformed lines, by number from 1. */
  problems: KeyLogProblem[]
}

export interface KeyLogProblem {
  line: number
  /** A clause, such as "its client random has 62 hexadecimal digits, needed 64". */
  reason: string
}

/** Longer than any line that is kept: label, 64 digits, and at most 96 digits of a secret. */
const MAX_LINE = 4096
const MAX_PROBLEMS = 16
const RANDOM_DIGITS = 64
const MASTER_DIGITS = 96
/** Of TLS 1.3, with SHA-256 and SHA-384. */
const TRAFFIC_DIGITS: readonly number[] = [64, 96]
/** KeyUpdate raises it by one; no connection comes near. */
const MAX_GENERATION = 0xffff

const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const LAST_DIGIT = 0x39
/** All but printable ASCII, blanks and tabs. */
const NO_TEXT = /[^\t -~]/g
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf]

/** Labels that are valid but need not be kept (RFC 9850 §2). */
const OTHER_LABELS: ReadonlySet<string> = new Set([
  'CLIENT_EARLY_TRAFFIC_SECRET',
  'EARLY_EXPORTER_SECRET',
  'EARLY_EXPORTER_MASTER_SECRET',
  'EXPORTER_SECRET',
  'ECH_SECRET',
  'ECH_CONFIG',
  // Of NSS's format, as OpenSSL writes it for RSA key exchange beside the line with the client random.
  'RSA',
])

/** Reads a key log in chunks of any size. Lines may end with CR, LF or both; labels and digits be of either case. */
export class KeyLogReader {
  readonly summary: KeyLogSummary = { secrets: 0, others: 0, malformed: 0, problems: [] }
  readonly #sink: KeyLogSink
  /** Of the line that is incomplete, one character a byte. */
  #line = ''
  #tooLong = false
  #number = 1
  /** The last byte was a CR: an LF after it belongs to it. */
  #afterReturn = false
  #mark = 0

  constructor(sink: KeyLogSink) {
    this.#sink = sink
  }

  push(bytes: Uint8Array): void {
    let at = 0
    while (this.#mark < BYTE_ORDER_MARK.length && at < bytes.length) {
      if (bytes[at] !== BYTE_ORDER_MARK[this.#mark]) this.#mark = BYTE_ORDER_MARK.length
      else {
        this.#mark++
        at++
      }
    }
    let start = at
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!
      const afterReturn = this.#afterReturn
      this.#afterReturn = byte === CARRIAGE_RETURN
      if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN) continue
      if (byte === CARRIAGE_RETURN || !afterReturn) {
        this.#add(bytes, start, at)
        this.#endLine()
      }
      start = at + 1
    }
    this.#add(bytes, start, at)
  }

  /** The log has ended; its last line may have no end. */
  end(): KeyLogSummary {
    this.#endLine()
    return this.summary
  }

  #add(bytes: Uint8Array, start: number, end: number): void {
    if (this.#line.length + end - start > MAX_LINE) this.#tooLong = true
    else if (!this.#tooLong) this.#line += textOf(bytes.subarray(start, end))
  }

  #endLine(): void {
    const problem = this.#tooLong ? `it is longer than ${MAX_LINE} bytes` : this.#read(this.#line.trim())
    if (problem !== null) {
      this.summary.malformed++
      if (this.summary.problems.length < MAX_PROBLEMS)
        this.summary.problems.push({ line: this.#number, reason: problem })
    }
    this.#line = ''
    this.#tooLong = false
    this.#number++
  }

  /** Reads a line; returns what is wrong with it, or `null`. */
  #read(line: string): string | null {
    if (line === '' || line.startsWith('#')) return null
    if (line.includes('\0')) return 'it is not text'
    const [name = '', random, secret, ...more] = line.split(/[ \t]+/)
    const label = name.toUpperCase()
    const known = kindOf(label)
    if (!known && !OTHER_LABELS.has(label)) return 'its label is unknown'
    if (random === undefined || secret === undefined || more.length > 0)
      return `it has ${line.split(/[ \t]+/).length} fields, needed 3`
    if (!known) {
      this.summary.others++
      return null
    }
    const wrong = wrongDigits('client random', random, [RANDOM_DIGITS])
    if (wrong !== null) return wrong
    const wrongSecret = wrongDigits('secret', secret, known.kind === 'master' ? [MASTER_DIGITS] : TRAFFIC_DIGITS)
    if (wrongSecret !== null) return wrongSecret
    this.summary.secrets++
    this.#sink.secret(known.kind, random.toLowerCase(), known.generation, bytesOfHex(secret))
    return null
  }
}

/** One character a byte; NUL for what is not text. */
function textOf(bytes: Uint8Array): string {
  // Engines iterate over a view that is spread, and copy one that is applied.
  return String.fromCharCode.apply(null, bytes as unknown as number[]).replace(NO_TEXT, '\0')
}

function kindOf(label: string): { kind: SecretKind; generation: number | null } | null {
  switch (label) {
    case 'CLIENT_RANDOM':
      return { kind: 'master', generation: 0 }
    case 'CLIENT_HANDSHAKE_TRAFFIC_SECRET':
      return { kind: 'client-handshake', generation: 0 }
    case 'SERVER_HANDSHAKE_TRAFFIC_SECRET':
      return { kind: 'server-handshake', generation: 0 }
    case 'CLIENT_TRAFFIC_SECRET_0':
      return { kind: 'client-traffic', generation: 0 }
    case 'SERVER_TRAFFIC_SECRET_0':
      return { kind: 'server-traffic', generation: 0 }
  }
  const match = /^(CLIENT|SERVER)_TRAFFIC_SECRET_(N|\d{1,5})$/.exec(label)
  if (!match) return null
  const generation = match[2] === 'N' ? null : Number(match[2])
  if (generation !== null && generation > MAX_GENERATION) return null
  return { kind: match[1] === 'CLIENT' ? 'client-traffic' : 'server-traffic', generation }
}

function wrongDigits(what: string, digits: string, lengths: readonly number[]): string | null {
  if (!/^[0-9a-fA-F]*$/.test(digits)) return `its ${what} is not hexadecimal`
  if (lengths.includes(digits.length)) return null
  return `its ${what} has ${digits.length} hexadecimal digits, needed ${lengths.join(' or ')}`
}

function bytesOfHex(digits: string): Uint8Array {
  const bytes = new Uint8Array(digits.length / 2)
  for (let at = 0; at < bytes.length; at++)
    bytes[at] = (valueOf(digits.charCodeAt(2 * at)) << 4) | valueOf(digits.charCodeAt(2 * at + 1))
  return bytes
}

/** Of a hexadecimal digit: those of letters, of either case, end with the value less 9. */
function valueOf(code: number): number {
  return code <= LAST_DIGIT ? code & 0xf : (code & 0xf) + 9
}
