import { readPrivateKeys } from '../../../src/tls/keys/rsa-private-key.js'
import { SecretStore } from '../../../src/tls/keys/secret-store.js'
import { transcript } from '../../support/tls-transcript.js'
import { must, type FuzzTarget } from './target.js'

const FILES = ['tls13-aes128-gcm', 'tls12-gcm', 'tls12-rsa'].map(transcript)

/** A key log, or private keys: neither may throw, and nothing of them may be in what is reported. */
export const keylog: FuzzTarget = {
  steps: { perByte: 20_000, perInput: 20_000_000 },
  seeds: () => FILES.map(({ keyLog, privateKey }) => new TextEncoder().encode(`${keyLog}\r\n# x\n${privateKey ?? ''}`)),
  run(input) {
    const store = new SecretStore(10_000)
    const summary = store.addKeyLog(input)
    const text = Buffer.from(input).toString('latin1')
    const { keys, problems } = readPrivateKeys(text)
    must(summary.problems.length <= Math.min(16, summary.malformed), 'more problems than malformed lines')
    const reported = [...summary.problems.map(({ reason }) => reason), ...problems].join('\n')
    must(!/[0-9a-f]{32}/i.test(reported), 'a secret is reported')
    return [`${store.count} kept`, `${summary.others} others`, `${keys.length} keys`, reported]
  },
}
