import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Analyzer } from '../../src/index.js'
import type { SessionReport } from '../../src/report/contract.js'
import { ROOT } from '../support/captures.js'

function sessionOf(name: string): SessionReport {
  const path = join(ROOT, 'test/tls/captures/scenes', name)
  const analyzer = new Analyzer({ keyLog: readFileSync(`${path}.keys`) })
  analyzer.openFile(name)
  analyzer.push(readFileSync(`${path}.pcap`))
  analyzer.closeFile()
  return analyzer.end().sessions[0]!
}

const idsOf = ({ findings }: SessionReport) => findings.map(({ id }) => id)

describe('a decrypted session', () => {
  it('is read through CCC and a second AUTH', () => {
    const session = sessionOf('ccc')
    expect(session.verdict.outcome).toBe('ok')
    const encrypted = session.exchanges.map(({ command, encrypted = false }) => [command, encrypted])
    expect(encrypted).toEqual([
      [null, false],
      ['AUTH', false],
      ...['USER', 'PASS', 'PBSZ', 'CCC'].map((command) => [command, true]),
      ...['TYPE', 'PASV', 'RETR', 'AUTH'].map((command) => [command, false]),
      ...['PWD', 'QUIT'].map((command) => [command, true]),
    ])
    expect(idsOf(session)).not.toContain('cleartext-credentials')
  })

  it('pairs a reply in clear text with the command under TLS that it answers', () => {
    const list = sessionOf('oops').exchanges.find(({ command }) => command === 'LIST')
    expect(list?.replies.map(({ code }) => code)).toEqual([500])
  })

  it('has its private address found, as in clear text', () => {
    const { verdict } = sessionOf('private')
    expect(verdict).toMatchObject({ outcome: 'failed', cause: 'passive-private-address' })
  })

  it('keeps what firewalls could not read, with the announcement as evidence', () => {
    const session = sessionOf('unanswered')
    expect(session.verdict).toMatchObject({ outcome: 'failed', cause: 'tls-hides-announcement' })
    expect(idsOf(session)).not.toContain('tracker-prediction')
    const [finding] = session.findings
    expect(JSON.stringify(finding!.evidence)).toContain('227 Entering Passive Mode')
  })

  it('shows PROT C', () => {
    const session = sessionOf('protc')
    expect(session.verdict.outcome).toBe('ok')
    expect(idsOf(session)).toEqual(['tls-downgrade'])
  })

  it('has commands that are split over records, and no part of the password', () => {
    const session = sessionOf('split')
    expect(session.exchanges.map(({ command, argument }) => [command, argument])).toEqual([
      [null, null],
      ['AUTH', 'TLS'],
      ['USER', 'bob'],
      ['PASS', '***'],
      ['QUIT', null],
    ])
    expect(JSON.stringify(session)).not.toMatch(/s3cr|etword/)
  })
})
