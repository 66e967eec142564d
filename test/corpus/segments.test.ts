import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyzeFile } from '../support/analyze-file.js'
import { ROOT } from '../support/captures.js'

const SHARED = process.env['FTPSCOPE_SHARED'] ?? join(ROOT, '..', 'shared')
const HOSTILE = join(SHARED, 'hostile')
const GENERATED = join(SHARED, 'corpus2', 'NotYuSheng_TracePcap__week4_ftp_exfil_gateway_change.pcap')

describe.skipIf(!existsSync(HOSTILE))('Segments that the hosts did not take', () => {
  it.each([
    ['11-rst-ignored-by-hosts/rst_ctl_oldseq.pcap', 19],
    ['12-syn-inside-session/syn_inside_badsum.pcap', 19],
    ['12-syn-inside-session/syn_inside_early.pcap', 13],
    ['13-badsum-insertion/insert_426_ttl1_badsum.pcap', 19],
  ])('leave the session of %s as it is, and are named', (name, frame) => {
    const { sessions, capture } = analyzeFile(join(HOSTILE, name))
    expect(sessions).toHaveLength(1)
    expect(sessions[0]!.verdict).toMatchObject({ outcome: 'ok', cause: null, confidence: 'high' })
    expect(sessions[0]!.transfers).toMatchObject({ attempted: 1, completed: 1 })
    expect(capture.anomalies).toMatchObject([{ kind: 'tcp-checksum', count: 1, firstFrame: frame }])
  })
})

describe.skipIf(!existsSync(GENERATED))('A generated capture without sequence numbers', () => {
  it('keeps the first byte, and each connection on the same ports', () => {
    const { sessions } = analyzeFile(GENERATED)
    // The server speaks HTTP, so that names of commands are all that is shown.
    expect(sessions.map(({ exchanges }) => exchanges.map(({ command }) => command))).toEqual([
      ['USER', 'PASS', 'STOR'],
      ['USER', 'PASS', 'STOR'],
    ])
  })
})
