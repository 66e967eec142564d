/** The right answers on public captures with holes. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SessionReport } from '../../src/index.js'
import { analyzeFile } from '../support/analyze-file.js'
import { ROOT } from '../support/captures.js'

const FOLDER = join(ROOT, '..', 'shared', 'corpus2')
const sessions = (file: string): SessionReport[] => analyzeFile(join(FOLDER, file)).sessions
const ids = ({ findings }: SessionReport): string[] => findings.map(({ id }) => id)

describe.skipIf(!existsSync(FOLDER))('captures with holes', () => {
  it('liyihao17/RST_cluster: a 230 that a gap has cut belongs to the PASS before it', () => {
    const [first, ...others] = sessions('liyihao17_RST_cluster__ftp2.pcap')
    const pass = first!.exchanges.find(({ command }) => command === 'PASS')!
    expect(pass.replies).toMatchObject([{ frame: 5, code: 230, cut: true }])
    const ports = first!.exchanges.filter(({ command }) => command === 'PORT')
    expect(ports.map(({ replies }) => replies.map(({ code }) => code))).toEqual(ports.map(() => [200]))
    expect(first).toMatchObject({ login: 'accepted', verdict: { outcome: 'undetermined', cause: 'capture-loss' } })
    for (const session of [first!, ...others]) expect(ids(session)).not.toContain('capture-starts-inside')
  })

  it('ipapaste/Capit2: of a session that begins in its middle, the 421 alone shows no success and no silence', () => {
    const [, second] = sessions('ipapaste_Capit2__exp3.pcap')
    expect(second).toMatchObject({ login: 'unknown', verdict: { outcome: 'undetermined' } })
    expect(JSON.stringify(second!.findings)).not.toContain('0.00 s')
  })

  it('prochrist2/linux: of a session of which only the closing was captured, no login is denied', () => {
    for (const session of sessions('prochrist2_linux__ftp_active2.pcap').slice(0, 2))
      expect(session).toMatchObject({ login: 'unknown', findings: [], verdict: { outcome: 'undetermined' } })
  })
})
