import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Analyzer, type AnalyzeOptions } from '../../src/index.js'
import type { Analysis, SessionReport } from '../../src/report/contract.js'
import { ROOT } from '../support/captures.js'
import { splitSecrets } from '../support/decryption-secrets.js'

const NAMES = ['curl-cbc', 'curl-implicit', 'curl-tls12', 'curl-tls13', 'lftp-tls12', 'lftp-tls13']
const capture = (name: string): Uint8Array => readFileSync(join(ROOT, 'test/tls/captures', `${name}.pcapng`))

function analysisOf(bytes: Uint8Array, options: AnalyzeOptions = {}, step = bytes.length): Analysis {
  const analyzer = new Analyzer(options)
  analyzer.openFile('ftps.pcapng')
  for (let at = 0; at < bytes.length; at += step) analyzer.push(bytes.subarray(at, at + step))
  analyzer.closeFile()
  return analyzer.end()
}

/** Of captures that differ in their blocks of secrets, and in nothing else. */
function sessionsOf(analysis: Analysis): readonly SessionReport[] {
  return analysis.sessions
}

const commandsOf = (session: SessionReport) => session.exchanges.map(({ command }) => command)
const kindsOf = ({ capture: { anomalies } }: Analysis) => anomalies.map(({ kind }) => kind)

describe.each(NAMES)('the FTPS session of %s', (name) => {
  const whole = capture(name)
  const { bare, late, keyLog } = splitSecrets(whole)
  const decrypted = analysisOf(whole)

  it('is read with the secrets in the capture, as one in clear text', () => {
    const [session] = decrypted.sessions
    expect(decrypted.sessions).toHaveLength(1)
    expect(session).toMatchObject({ decrypted: true, user: 'tlsuser', login: 'accepted', verdict: { outcome: 'ok' } })
    expect(session!.transfers.completed).toBeGreaterThan(0)
    expect(session!.transfers.hidden).toBeUndefined()
    expect(session!.dataChannels.every(({ match, verb }) => match === 'announced' && verb !== null)).toBe(true)
    expect(kindsOf(decrypted)).toEqual([])
  })

  it('tells what was under TLS on the wire', () => {
    const session = decrypted.sessions[0]!
    const auth = session.exchanges.findLastIndex(({ command }) => command === 'AUTH')
    const encrypted = session.exchanges.map((exchange) => exchange.encrypted === true)
    expect(encrypted).toEqual(session.exchanges.map((_, index) => index > auth))
    // What only boxes on the path would see.
    const ids = [...session.findings, ...decrypted.findings].map(({ id }) => id)
    for (const id of ['tracker-prediction', 'cleartext-credentials', 'tls-hides-announcement'])
      expect(ids).not.toContain(id)
  })

  it('is the same with a key log beside the capture, and with its secrets at the end', () => {
    expect(sessionsOf(analysisOf(bare, { keyLog }))).toEqual(sessionsOf(decrypted))
    expect(sessionsOf(analysisOf(bare, { keyLog: [new TextEncoder().encode(keyLog)] }))).toEqual(sessionsOf(decrypted))
    expect(sessionsOf(analysisOf(late))).toEqual(sessionsOf(decrypted))
  })

  it('is the same in pieces', () => {
    for (const step of [13, 97, 1000]) expect(analysisOf(whole, {}, step)).toEqual(decrypted)
  })

  it('shows no password and no key material', () => {
    const text = JSON.stringify([decrypted, analysisOf(bare, { keyLog })]).toLowerCase()
    for (const word of keyLog.split(/\s+/)) if (word.length >= 32) expect(text).not.toContain(word.toLowerCase())
    const pass = decrypted.sessions[0]!.exchanges.find(({ command }) => command === 'PASS')
    expect(pass!.argument).toBe('***')
  })

  it('stays hidden without keys', () => {
    const hidden = analysisOf(bare)
    const session = hidden.sessions[0]!
    expect(session.decrypted).toBe(false)
    expect(commandsOf(session)).not.toContain('USER')
    expect(kindsOf(hidden)).toEqual([])
  })
})

describe('secrets', () => {
  const { bare } = splitSecrets(capture('curl-tls13'))
  const { keyLog } = splitSecrets(capture('lftp-tls12'))

  it('that fit no session are told in a line, and why TLS stays hidden', () => {
    const { anomalies } = analysisOf(bare, { keyLog }).capture
    expect(anomalies).toMatchObject([
      { kind: 'tls-not-decrypted', message: expect.stringContaining('no secret for it is known') as string },
      {
        kind: 'tls-secrets-unused',
        message: 'tls: 1 secret, none for the 2 TLS connections of FTP in this capture',
      },
    ])
  })

  it('in malformed lines are counted, and the first is named', () => {
    const { anomalies } = analysisOf(bare, { keyLog: `${keyLog}\nhello\nCLIENT_RANDOM 12 34\n` }).capture
    expect(anomalies.find(({ kind }) => kind === 'tls-key-log-malformed')).toMatchObject({
      count: 2,
      message: expect.stringMatching(/^tls: line \d+ of the key log is malformed: its label is unknown$/) as string,
    })
  })

  it('that are no private key are named', () => {
    const { anomalies } = analysisOf(bare, { privateKeys: ['-----BEGIN CERTIFICATE-----'] }).capture
    expect(anomalies[0]).toMatchObject({ kind: 'tls-private-key-unusable' })
  })
})
