/**
 * Public captures of attacks, of rewritten addresses, and of sessions of which little was captured, with the right
 * answer; not part of the project, so this is skipped where they are absent.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/index.js'
import { analyzeFile } from '../support/analyze-file.js'
import { CORPUS } from '../support/captures.js'

const FOLDER = join(CORPUS, '..', 'corpus2')
const HOSTILE = join(CORPUS, '..', 'hostile')

const causes = ({ sessions }: Analysis) => sessions.map(({ verdict: { outcome, cause } }) => [outcome, cause])
const ids = ({ sessions }: Analysis) => new Set(sessions.flatMap(({ findings }) => findings.map(({ id }) => id)))

describe.skipIf(!existsSync(FOLDER))('of public captures', () => {
  const analyzed = (name: string) => analyzeFile(join(FOLDER, name))

  it('the backdoor of vsftpd 2.3.4 is no rejected login', () => {
    const analysis = analyzed('YellowFederica_MTD-with-SDN__cve-2011-2523.pcapng')
    expect(causes(analysis)).toEqual(Array(2).fill(['failed', 'vsftpd-backdoor']))
    expect(ids(analysis)).not.toContain('login-rejected')
    const fact = { kind: 'opened', shellPort: 6200, affected: true }
    for (const { findings } of analysis.sessions) expect(findings[0]).toMatchObject({ confidence: 'high', facts: fact })
    expect(analysis.summary.credentialsExposed.map(({ accepted }) => accepted)).toEqual([null, null])
  })

  it('an address that vsftpd accepted had been rewritten, and the server refused the files', () => {
    const analysis = analyzed('brycepg_ftp_filter__capture.pcapng')
    expect(causes(analysis)).toEqual([['failed', 'transfer-refused']])
    expect(ids(analysis)).not.toContain('active-private-address')
  })

  it('an address that vsftpd accepted had been rewritten, and the port was not answered', () => {
    const analysis = analyzed('lxf0714_RPC__ftp_2.pcap')
    expect(causes(analysis)).toEqual(Array(2).fill(['failed', 'active-port-unanswered']))
    expect(ids(analysis)).not.toContain('active-private-address')
  })

  it('a listing took as long as it took after its command', () => {
    const analysis = analyzed('ec-council-learning_Practical-Wireshark-3__FTP_capture.pcapng')
    const [transfer] = analysis.sessions.flatMap(({ dataChannels }) =>
      dataChannels.flatMap((each) => each.transfer ?? []),
    )
    expect(transfer?.durationMs).toBeCloseTo(240, -2)
    expect(ids(analysis)).not.toContain('transfer-slow')
  })

  it('of sessions of which only the closing was captured the login is unknown', () => {
    const analysis = analyzed('prochrist2_linux__ftp_active2.pcap')
    const [first, second] = analysis.sessions
    for (const session of [first, second]) {
      expect(session).toMatchObject({ login: 'unknown', verdict: { outcome: 'undetermined' } })
      expect(session?.verdict.sentence).not.toContain('no login')
    }
  })

  it.each(['BillKG-exe_ECS_152A_Network_Analysis__ftp.pcap', 'Yuga-Oshiro_R6_CTF-Network__FTP.pcap'])(
    '%s: a banner alone is undetermined',
    (name) => {
      expect(causes(analyzed(name))[0]?.[0]).toBe('undetermined')
    },
  )
})

describe.skipIf(!existsSync(HOSTILE))('of hostile captures', () => {
  it.each(['http', 'imap', 'smtp', 'telnet'])('%s between its own client and server is other traffic', (name) => {
    const analysis = analyzeFile(join(HOSTILE, '09-password-other-protocols', `${name}.pcap`))
    expect(analysis.sessions).toEqual([])
    expect(analysis.otherTraffic).toMatchObject([{ connections: 1, server: { port: 21 } }])
    expect(JSON.stringify(analysis)).not.toContain('hunterSECRET2')
  })
})
