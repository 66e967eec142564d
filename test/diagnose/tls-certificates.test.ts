import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/index.js'
import type { SessionReport } from '../../src/report/contract.js'
import { certificate } from '../support/certificates.js'
import { ask, dial, type FtpSession } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'
import { alert, handshake, joined, record } from '../support/tls-records.js'
import {
  certificateMessage,
  clientFinish12,
  clientHello12,
  type FlightOptions,
  type HelloOptions,
  serverFinish12,
  serverFlight12,
} from '../support/tls12-records.js'
import { greet, LOGIN, PASV, talk12 } from './secured.js'

interface Played extends FlightOptions {
  names?: readonly string[]
  hello?: HelloOptions
  /** A command before AUTH TLS, with its reply. */
  before?: readonly [string, string]
  /** When the capture begins; 2024-03-01 by default. */
  start?: number
  /** What follows the server's part of the handshake; the rest of it, and a login, by default. */
  then?: (session: FtpSession) => void
}

/** A session with the handshake of TLS 1.2, as it is analyzed. */
async function played({
  names = [],
  hello = {},
  before,
  start,
  then = goesOn,
  ...flight
}: Played): Promise<SessionReport> {
  const place = atClient('')
  const session = openControl(place)
  greet(session)
  if (before) ask(session, ...before)
  ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
  session.control.client(clientHello12(hello))
  session.control.server(serverFlight12({ chain: names.map(certificate), ...flight }))
  then(session)
  const { sessions } = await analyze([place.scene.toPcap(start === undefined ? {} : { start })])
  return sessions[0]!
}

function goesOn(session: FtpSession): void {
  session.control.client(clientFinish12())
  session.control.server(serverFinish12())
  talk12(session, ...LOGIN, PASV)
}

const refuses = (description: number) => (session: FtpSession) => {
  session.control.client(alert(description)).close('client')
}
const closes = (session: FtpSession): void => {
  session.control.close('client')
}

const certificateFindings = ({ findings }: SessionReport) =>
  findings.flatMap(({ id, severity }) => (id.startsWith('tls-certificate') ? [`${id} ${severity}`] : []))
const faultOf = ({ verdict }: SessionReport) => verdict.why?.replace('TLS handshake failed: ', '')

describe('A handshake that the client ends', () => {
  const hello = { serverName: 'ftp.example.net' }
  it.each([
    ['expired', ['expired', 'issuing'], 45, 'certificate expired', 'server'],
    ['expired, with an alert for any fault', ['expired', 'issuing'], 46, 'certificate expired', 'server'],
    ['not yet valid', ['not-yet-valid', 'issuing'], 42, 'certificate not yet valid', 'server'],
    ['for another name', ['other-name', 'issuing'], 42, 'certificate for another name', 'server'],
    ['without its intermediate', ['public'], 48, 'intermediate certificate missing', 'server'],
    ['self-signed', ['self-signed'], 48, 'self-signed certificate', 'client'],
    ['of an authority that it does not know', ['server', 'issuing'], 48, 'unknown authority', 'client'],
  ] as const)('has a certificate as its cause that is %s', async (_, names, description, fault, side) => {
    const session = await played({ names, hello, then: refuses(description) })
    expect(session.verdict).toMatchObject({ outcome: 'failed', cause: 'tls-handshake-failed', confidence: 'high' })
    expect(faultOf(session)).toBe(fault)
    expect(session.findings[0]!.side).toBe(side)
    expect(session.findings[0]!.message).toContain("The server's certificate (CN=")
  })

  it.each([
    ['another fault than its alert names', ['expired', 'issuing'], 40],
    ['dates, where the alert names the authority', ['server'], 45],
    ['an authority, where the alert stands for any fault', ['server', 'issuing'], 42],
  ] as const)('is not blamed on %s', async (_, names, description) => {
    const session = await played({ names, hello, then: refuses(description) })
    expect(session.verdict).toMatchObject({ cause: 'tls-handshake-failed', why: 'TLS handshake failed' })
  })

  it('without an alert is blamed on what most clients refuse', async () => {
    const dated = await played({ names: ['expired', 'issuing'], hello, then: closes })
    expect(dated.verdict).toMatchObject({ cause: 'tls-handshake-failed', confidence: 'medium' })
    expect(faultOf(dated)).toBe('certificate expired')
    expect(faultOf(await played({ names: ['self-signed'], hello, then: closes }))).toBe('self-signed certificate')
    expect(faultOf(await played({ names: ['public'], hello, then: closes }))).toBe('intermediate certificate missing')
    // A private authority may have issued it, and the client may know that.
    expect((await played({ names: ['server'], hello, then: closes })).verdict.why).toBe('TLS handshake failed')
  })

  it('has the setting of the server among its remedies', async () => {
    const { findings } = await played({ names: ['public'], hello, then: refuses(48) })
    expect(findings[0]!.remedy[0]).toContain('rsa_cert_file')
    const [trust] = (await played({ names: ['self-signed'], hello, then: refuses(48) })).findings[0]!.remedy
    expect(trust).toContain('--cacert FILE')
  })
})

describe("A client's certificate", () => {
  it('that has expired is why the server refuses it', async () => {
    const session = await played({
      names: ['server', 'issuing'],
      then: ({ control }) => {
        control.client(
          joined(
            record(22, certificateMessage([certificate('client-expired')])),
            record(22, handshake(16, new Uint8Array(66))),
          ),
        )
        control.server(alert(45)).close('server')
      },
    })
    expect(faultOf(session)).toBe('certificate expired')
    expect(session.control.tls?.clientCertificate?.subject).toBe('CN=backup job,O=Example Ltd,C=XA')
    expect(session.findings[0]).toMatchObject({ side: 'client' })
    expect(session.findings[0]!.message).toContain(
      "The client's certificate (CN=backup job,O=Example Ltd,C=XA) expired",
    )
  })
})

describe('A client that goes on', () => {
  it('has accepted a self-signed certificate, whatever its name and dates', async () => {
    const late = Date.UTC(2036, 0, 1)
    const session = await played({ names: ['self-signed'], hello: { serverName: '203.0.113.20' }, start: late })
    expect(certificateFindings(session)).toEqual(['tls-certificate-expired info', 'tls-certificate-name info'])
    expect(certificateFindings(await played({ names: ['self-signed'] }))).toEqual([])
  })

  it('is warned of dates, and of an intermediate that others will miss', async () => {
    expect(certificateFindings(await played({ names: ['expired', 'issuing'] }))).toEqual([
      'tls-certificate-expired warning',
    ])
    expect(certificateFindings(await played({ names: ['public'] }))).toEqual(['tls-certificate-untrusted warning'])
    expect(certificateFindings(await played({ names: ['server'] }))).toEqual([])
    expect(certificateFindings(await played({ names: ['public', 'issuing'] }))).toEqual([])
  })

  it('said by HOST which name it wants', async () => {
    const host = (name: string) => ['HOST ' + name, '220 This is ' + name] as const
    const names = ['server', 'issuing']
    expect(certificateFindings(await played({ names, before: host('ftp.example.org') }))).toEqual([
      'tls-certificate-name info',
    ])
    expect(certificateFindings(await played({ names, before: host('[2001:db8:2::20]') }))).toEqual([])
    const refused = await played({ names, before: ['HOST ftp.example.org', '504 Unknown host'] })
    expect(certificateFindings(refused)).toEqual([])
  })
})

describe('The date of a capture', () => {
  it('is wrong if a self-signed certificate is used before it was made', async () => {
    const start = Date.UTC(2020, 0, 1)
    expect(certificateFindings(await played({ names: ['self-signed'], start }))).toEqual([])
    expect(certificateFindings(await played({ names: ['server', 'issuing'], start }))).toEqual([
      'tls-certificate-expired warning',
    ])
    const refused = await played({ names: ['self-signed'], start, then: refuses(42) })
    expect(faultOf(refused)).toBe('certificate not yet valid')
  })

  it('is not believed before 2000, and with less confidence close to the limit', async () => {
    expect(certificateFindings(await played({ names: ['server'], start: Date.UTC(1970, 0, 2) }))).toEqual([])
    const close = await played({ names: ['expired'], start: Date.UTC(2024, 1, 25, 12) })
    const finding = close.findings.find(({ id }) => id === 'tls-certificate-expired')
    expect(finding).toMatchObject({ confidence: 'medium' })
    expect(finding!.message).toContain('less than a day before this session')
  })
})

describe('A data connection', () => {
  const withData = (names: readonly string[]) =>
    played({
      names: ['server', 'issuing'],
      then: (session) => {
        goesOn(session)
        const data = dial(session, 50_093)
        data.client(clientHello12())
        data.server(serverFlight12({ chain: names.map(certificate) }))
        data.client(clientFinish12())
        data.server(serverFinish12()).close('server')
      },
    })

  it('may have a renewed certificate, and should not have that of another host', async () => {
    expect(certificateFindings(await withData(['server']))).toEqual([])
    expect(certificateFindings(await withData(['renewed']))).toEqual(['tls-certificate-differs info'])
    const other = await withData(['other-name'])
    expect(certificateFindings(other)).toEqual(['tls-certificate-differs warning'])
    expect(other.findings.find(({ id }) => id === 'tls-certificate-differs')!.message).toContain(
      'the certificate of CN=www.example.net,O=Example Ltd,C=XA, and',
    )
  })
})

describe('Weak TLS', () => {
  const weakness = async (options: Played) =>
    (await played(options)).findings.find(({ id }) => id === 'tls-weak')?.message

  it('is a version, a suite, or both', async () => {
    expect(await weakness({ version: 0x0302 })).toBe(
      'The control connection is protected by TLS 1.1, which RFC 8996 forbids; the server chose it, ' +
        'with TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256.',
    )
    expect(await weakness({ version: 0x0301, suite: 0x0005, hello: { version: 0x0301 } })).toMatch(
      /TLS 1\.0, .*; the client offered nothing newer, with TLS_RSA_WITH_RC4_128_SHA: the broken cipher RC4\.$/,
    )
    expect(await weakness({ suite: 0x0034 })).toMatch(
      /TLS 1\.2, with TLS_DH_anon_\w+: no proof of who the server is\.$/,
    )
    expect(await weakness({ suite: 0x003b })).toContain('no encryption')
    expect(await weakness({ suite: 0x0003 })).toContain('keys of 40 or 56 bits')
    expect(await weakness({ suite: 0x0009 })).toContain('keys of 56 bits or fewer')
    expect(await weakness({})).toBeUndefined()
  })
})
