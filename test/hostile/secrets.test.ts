/** Captures made to get a password into a report. Not part of the project: skipped where they are absent. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyzeFile } from '../support/analyze-file.js'
import { ROOT } from '../support/captures.js'

const FOLDER = join(ROOT, '..', 'shared', 'hostile')
const absent = !existsSync(FOLDER)

const PLANTED = /^(?:0[3-57-9]|1[789])-/
/** The password, what is longer than three characters of it at either end, and its base64. */
const SECRET = /hunt(?!:)|SECRET2|CRET2|oldpassword|SFVOVEV|aHVudGVy|AGFsaWNlAGh1bnRlclNFQ1JFVDI/i

const captures = absent
  ? []
  : readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.pcap'))

describe.skipIf(absent)('No report shows the password of', () => {
  it.each(captures.filter((name) => PLANTED.test(name)))('%s', (name) => {
    const { capture, ...analysis } = analyzeFile(join(FOLDER, name))
    expect(JSON.stringify([analysis, capture.anomalies])).not.toMatch(SECRET)
  })
})

describe.skipIf(absent)('Passwords made of words', () => {
  it('leave the sentences of server and program as they are', () => {
    const [session] = analyzeFile(join(FOLDER, '06-password-told-by-redaction/word.pcap')).sessions
    expect(session!.exchanges[1]!.replies[0]!.text).toBe('Please specify the password.')
    expect(session!.exchanges[2]!.argument).toBe('***')
  })

  it('leave the verdict as it is', () => {
    const [session] = analyzeFile(join(FOLDER, '10-report-blanked-by-PASS/word2.pcap')).sessions
    expect(JSON.stringify({ ...session, exchanges: [], findings: [] })).not.toContain('***')
    expect(session!.verdict.sentence).toBe(
      '198.51.100.9:21 rejected the login of user "alice" from 10.0.0.5: "530 Login incorrect." (9 refusals). ' +
        'The network is not the cause.',
    )
  })
})
