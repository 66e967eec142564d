import type { AeadName, HashName } from '../crypto/crypto.js'
import { suiteName } from './suite-names.js'

/** What a cipher suite that can be decrypted demands. */
export interface Suite {
  readonly code: number
  /** IANA's name. */
  readonly name: string
  readonly cipher: AeadName | 'aes-cbc'
  /** Bytes of the cipher's key. */
  readonly keyLength: number
  /** The hash of HMAC over records; `null` with AEAD ciphers. */
  readonly mac: HashName | null
  /** The hash of the key schedule: HKDF of TLS 1.3, the PRF of TLS 1.2 (RFC 5246 §5). */
  readonly prf: 'sha256' | 'sha384'
  /** A suite of TLS 1.3, whose name has no key exchange (RFC 8446 §B.4). */
  readonly tls13: boolean
  /** The premaster secret is sent encrypted with the server's RSA key (RFC 5246 §7.4.7.1). */
  readonly rsaKeyExchange: boolean
}

const NAME = new RegExp(
  '^TLS_(?:(.+)_WITH_)?(?:AES_(128|256)_(GCM|CCM|CCM_8|CBC)|(CHACHA20_POLY1305))(?:_(SHA|SHA256|SHA384))?$',
)

/** The suite with this number; `null` if its records cannot be decrypted here: its name then says what it is. */
export function suiteOf(code: number): Suite | null {
  let suite = suites.get(code)
  if (suite === undefined) suites.set(code, (suite = suiteNamed(code)))
  return suite
}

/** Those that were asked for: each record asks. */
const suites = new Map<number, Suite | null>()

function suiteNamed(code: number): Suite | null {
  const name = suiteName(code)
  const match = NAME.exec(name)
  if (!match) return null
  const [, exchange, bits, mode, , hash] = match
  const tls13 = exchange === undefined
  const cbc = mode === 'CBC'
  if (cbc && tls13) return null
  return {
    code,
    name,
    cipher: cipherOf(mode),
    keyLength: bits === '128' ? 16 : 32,
    mac: cbc ? macOf(hash) : null,
    prf: hash === 'SHA384' ? 'sha384' : 'sha256',
    tls13,
    rsaKeyExchange: exchange === 'RSA',
  }
}

function cipherOf(mode: string | undefined): Suite['cipher'] {
  switch (mode) {
    case 'GCM':
      return 'aes-gcm'
    case 'CCM':
      return 'aes-ccm'
    case 'CCM_8':
      return 'aes-ccm-8'
    case 'CBC':
      return 'aes-cbc'
    default:
      return 'chacha20-poly1305'
  }
}

function macOf(hash: string | undefined): HashName {
  if (hash === 'SHA384') return 'sha384'
  return hash === 'SHA256' ? 'sha256' : 'sha1'
}

/** The suites of TLS 1.3, in the order in which a connection without its hellos is tried. */
const TLS13_SUITES = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305].map((code) => suiteOf(code)!)

/** Suites of TLS 1.3 whose secrets have this many bytes: the length of their hash. */
export function tls13SuitesWithSecret(length: number): Suite[] {
  return TLS13_SUITES.filter(({ prf }) => length === (prf === 'sha384' ? 48 : 32))
}
