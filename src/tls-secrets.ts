import type { AnomalyLog } from './bytes/anomaly.js'
import type { CaptureSecrets } from './capture/capture-file.js'
import { ControlDecryption } from './ftp/tls/control-decryption.js'
import type { MakeDecryptor } from './ftp/tls/decryption.js'
import type { AnalyzeOptions } from './options.js'
import type { TlsUse } from './report/summary/analysis-builder.js'
import type { KeyLogSummary } from './tls/keys/key-log.js'
import { readPrivateKeys } from './tls/keys/rsa-private-key.js'
import { type TlsContext, tlsContext } from './tls/tls-decoder.js'

/** Type of a Decryption Secrets Block that is a TLS key log (draft-ietf-opsawg-pcapng §4.7). */
const TLS_KEY_LOG = 0x544c534b

/** The secrets of an analysis: those of its options, and those in its captures. */
export class TlsSecrets {
  readonly #context: TlsContext = tlsContext()
  readonly #anomalies: AnomalyLog

  constructor({ keyLog, privateKeys }: AnalyzeOptions, anomalies: AnomalyLog) {
    this.#anomalies = anomalies
    const logs = typeof keyLog === 'string' || keyLog instanceof Uint8Array ? [keyLog] : (keyLog ?? [])
    for (const log of logs) this.#note(this.#context.secrets.addKeyLog(log), 'the key log')
    for (const pem of privateKeys ?? []) {
      const { keys, problems } = readPrivateKeys(pem)
      for (const key of keys) this.#context.secrets.addPrivateKey(key)
      for (const problem of problems)
        anomalies.record('tls-private-key-unusable', null, () => `tls: a private key cannot be used: ${problem}`)
    }
  }

  /** Decrypts a control connection with them. */
  readonly decryptor: MakeDecryptor | null = (dialogue, text) => new ControlDecryption(this.#context, dialogue, text)

  /** A capture contains secrets. */
  add({ type, bytes }: CaptureSecrets): void {
    if (type === TLS_KEY_LOG) this.#note(this.#context.secrets.addKeyLog(bytes), 'a key log in the capture')
  }

  /** Secrets and private keys at hand, TLS connections seen, and how many of them were decrypted. */
  get use(): TlsUse {
    const { secrets, tally } = this.#context
    return { secrets: secrets.count + secrets.privateKeys.length, ...tally }
  }

  #note({ malformed, problems }: KeyLogSummary, where: string): void {
    for (let each = 0; each < malformed; each++) {
      this.#anomalies.record('tls-key-log-malformed', null, () => {
        const { line, reason } = problems[0]!
        return `tls: line ${line} of ${where} is malformed: ${reason}`
      })
    }
    const { dropped } = this.#context.secrets
    if (dropped > 0)
      this.#anomalies.record(
        'tls-secrets-dropped',
        null,
        () => `tls: too many secrets; the last ${dropped} were dropped`,
      )
  }
}
