import { suiteName } from '../../../tls/suites/suite-names.js'
import { versionName } from '../../facts/tls.js'
import { strongTlsInClient, strongTlsOnServer } from '../../remedies/certificate-remedies.js'
import { defineRule, type Fact } from '../../rule.js'
import { at } from '../../words/evidence.js'

/** What protects the session is known to be weak. */
export interface WeakTls extends Fact {
  kind: 'version' | 'suite' | 'version-and-suite'
  on: 'control' | 'data'
  version: string
  /** IANA's name. */
  suite: string
  /** The weakness of the suite in a few words; `null` if it has none. */
  weakness: string | null
  /** The client offered nothing newer. */
  oldClient: boolean
}

/** Parts of suite names, the weakest first (RFC 9325 §4.1, RFC 7465, RFC 8996). */
const WEAKNESSES: readonly (readonly [RegExp, string])[] = [
  [/_NULL_|_NULL$/, 'no encryption'],
  [/_anon_/, 'no proof of who the server is'],
  [/EXPORT/, 'keys of 40 or 56 bits'],
  [/_RC4_/, 'the broken cipher RC4'],
  [/_RC2_|_DES_|_DES40_/, 'keys of 56 bits or fewer'],
  [/_3DES_/, 'the 64-bit blocks of 3DES'],
]
const TLS12 = 0x0303

export const tlsWeak = defineRule<WeakTls>({
  id: 'tls-weak',
  title: 'weak TLS version or cipher suite',
  severity: 'warning',
  side: 'server',
  level: 'remark',
  decides: false,
  references: ['RFC 8996 (TLS 1.0 and 1.1)', 'RFC 9325 §3.1, §4.1', 'RFC 7465 (RC4)'],
  samples: { reports: 'made/tls-weak.pcap', silent: 'made/tls-weak--silent.pcap' },
  needs: ['tls'],
  *check(_session, facts) {
    for (const { channel, tls, connection } of facts.tls.connections) {
      const { serverHello, clientHello } = tls
      if (!serverHello) continue
      const suite = suiteName(serverHello.suite)
      const weakness = WEAKNESSES.find(([pattern]) => pattern.test(suite))?.[1] ?? null
      const old = serverHello.version < TLS12
      if (!old && weakness === null) continue
      yield {
        fact: {
          kind: old ? (weakness === null ? 'version' : 'version-and-suite') : 'suite',
          on: channel ? 'data' : 'control',
          version: versionName(serverHello.version),
          suite,
          weakness,
          oldClient: old && clientHello !== null && clientHello.version <= serverHello.version,
        },
        confidence: 'high',
        side: old && clientHello && clientHello.version <= serverHello.version ? 'client' : 'server',
        evidence: [
          at(tls.serverHelloAt ?? connection.first, `ServerHello: ${versionName(serverHello.version)}, ${suite}`),
        ],
      }
      // Data connections are set up like the control connection.
      return
    }
  },
  texts: {
    title: ({ kind }) => (kind === 'version' ? 'outdated TLS version' : kind === 'suite' ? 'weak cipher suite' : null),
    message({ kind, on, version, suite, weakness, oldClient }) {
      const where = on === 'control' ? 'The control connection' : 'A data connection'
      const old = kind === 'suite' ? '' : ', which RFC 8996 forbids'
      const newer = oldClient ? '; the client offered nothing newer' : kind === 'suite' ? '' : '; the server chose it'
      return `${where} is protected by ${version}${old}${newer}, with ${suite}${weakness === null ? '' : `: ${weakness}`}.`
    },
  },
  remedy: ({ oldClient }, context) =>
    oldClient
      ? [strongTlsInClient(context), strongTlsOnServer(context)]
      : [strongTlsOnServer(context), strongTlsInClient(context)],
})
