/** Stands in for `src/tls-secrets.ts` in the page, which decrypts nothing. */
import type { TlsSecrets as Secrets } from '../tls-secrets.js'

export class TlsSecrets implements Pick<Secrets, 'decryptor' | 'content' | 'add' | 'use'> {
  readonly decryptor = null
  readonly use = { secrets: 0, connections: 0, decrypted: 0 }

  content(): null {
    return null
  }

  add(): void {
    // Secrets in a capture are of no use here.
  }
}
