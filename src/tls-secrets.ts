import { AnomalyLog } from './bytes/anomaly.js'
import type { CaptureSecrets } from './capture/capture-file.js'
import type { InputBefore } from './capture/file-series.js'
import type { ContentOptions } from './correlate/data-connections.js'
import { SortedContentReader } from './correlate/content/sorted-content-reader.js'
import { TlsContentReader } from './correlate/content/tls-content-reader.js'
import type { MakeContentReader } from './correlate/content/data-content.js'
import { ControlDecryption } from './ftp/tls/control-decryption.js'
import type { MakeDecryptor } from './ftp/tls/decryption.js'
import type { AnalyzerOptions } from './options.js'
import type { TlsUse } from './report/summary/analysis-builder.js'
import type { KeyLogSummary } from './tls/keys/key-log.js'
import { readPrivateKeys } from './tls/keys/rsa-private-key.js'
import { hopingContext, type TlsContext, tlsContext } from './tls/tls-context.js'

/** Type of a Decryption Secrets Block that is a TLS key log (draft-ietf-opsawg-pcapng §4.7). */
const TLS_KEY_LOG = 0x544c534b

/** The secrets of an analysis: those of its options, and those in its captures. */
export class TlsSecrets {
  readonly #context: TlsContext
  #anomalies: AnomalyLog

  /**
   * `before`: what an analysis of the files before has seen, and reported. `mayCome`: the captures may have secrets
   * that are yet to be read.
   */
  constructor(
    { keyLog, privateKeys, crypto, content }: AnalyzerOptions,
    anomalies: AnomalyLog,
    mayCome: () => boolean,
    before?: InputBefore,
  ) {
    this.#context = hopingContext(tlsContext(undefined, crypto), mayCome)
    const reported = before !== undefined && before.frames > 0
    this.#anomalies = reported ? new AnomalyLog() : anomalies
    const logs = typeof keyLog === 'string' || keyLog instanceof Uint8Array ? [keyLog] : (keyLog ?? [])
    for (const [index, log] of logs.entries())
      this.#note(this.#context.secrets.addKeyLog(log), logs.length > 1 ? `key log ${index + 1}` : 'the key log')
    for (const pem of privateKeys ?? []) this.#addPrivateKeys(pem)
    for (const each of before?.secrets ?? []) this.add(each)
    this.#anomalies = anomalies
    const reader: MakeContentReader = (kept, sink) => {
      const tls = new TlsContentReader(this.#context, kept, sink, anomalies)
      return sink ? new SortedContentReader(tls, sink, kept) : tls
    }
    this.content = { reader, wanted: content ?? null }
  }

  /** Decrypts a control connection with them. */
  readonly decryptor: MakeDecryptor | null = (dialogue, text) => new ControlDecryption(this.#context, dialogue, text)

  /** Reads the content of data connections with them. */
  readonly content: ContentOptions

  /** A capture contains secrets. */
  add({ type, bytes }: CaptureSecrets): void {
    if (type === TLS_KEY_LOG) this.#note(this.#context.secrets.addKeyLog(bytes), 'a key log in the capture')
  }

  /** Secrets and private keys at hand, TLS connections seen, and how many of them were decrypted. */
  get use(): TlsUse {
    const { secrets, tally } = this.#context
    return { secrets: secrets.count + secrets.privateKeys.length, ...tally }
  }

  #addPrivateKeys(pem: string): void {
    const { keys, problems } = readPrivateKeys(pem)
    for (const key of keys) this.#context.secrets.addPrivateKey(key)
    for (const problem of problems)
      this.#anomalies.record('tls-private-key-unusable', null, () => `tls: a private key cannot be used: ${problem}`)
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
