import type { TlsFailure } from '../../tls/connection/negotiation.js'

/** Why TLS is not decrypted, as a clause. */
export function failureText(failure: TlsFailure): string {
  switch (failure.kind) {
    case 'no-secret':
      return 'no secret for it is known'
    case 'unsupported-suite':
      return `the cipher suite ${failure.suite} is not supported`
    case 'unsupported-version':
      return `version 0x${failure.version.toString(16).padStart(4, '0')} is not supported`
    case 'compression':
      return 'it is compressed'
    case 'hello-missing':
      return 'its hellos were not captured, and no secret fits'
    case 'not-verified':
      return 'no record is right with the secret for it'
  }
}
