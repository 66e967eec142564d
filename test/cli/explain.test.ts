import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { FINDING_IDS } from '../../src/diagnose/catalogue.js'
import { findFinding, findingGroups } from '../../src/cli/commands/findings-index.js'
import { Collector, ftpscope } from './support.js'

const PAGE = `# Server announces a private address

## Symptom

Listing hangs; the *control* connection works. See [RFC 1918](https://www.rfc-editor.org/rfc/rfc1918) for
the ranges, and [the other page](active-private-address.md).

## Remedy

- vsftpd: \`pasv_address=203.0.113.20\`
  and the range
- **client**: EPSV

\`\`\`
227 Entering Passive Mode   (10,0,0,21,195,85).
\`\`\`
`

describe('ftpscope explain', () => {
  let findings: URL

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ftpscope-'))
    await writeFile(join(folder, 'passive-private-address.md'), PAGE)
    await writeFile(join(folder, 'control-refused.md'), '# `control-refused`: Connection refused\n')
    findings = pathToFileURL(folder + '/')
  })

  it('prints the page unchanged without a terminal', async () => {
    const { status, out } = await ftpscope(['explain', 'passive-private-address'], { findings })
    expect([status, out]).toEqual([0, PAGE])
  })

  it('lays the page out for a terminal', async () => {
    const stdout = new Collector({ isTTY: true, columns: 60 })
    const { out } = await ftpscope(['explain', 'Passive-Private-Address', '--no-color'], { findings, stdout })
    expect(out).toBe(`Server announces a private address

Symptom

Listing hangs; the *control* connection works. See RFC 1918
(https://www.rfc-editor.org/rfc/rfc1918) for the ranges, and
the other page.

Remedy

- vsftpd: pasv_address=203.0.113.20 and the range
- client: EPSV

    227 Entering Passive Mode   (10,0,0,21,195,85).
`)
  })

  it('lists all findings in groups, with titles', async () => {
    const { status, out } = await ftpscope(['explain'], { findings })
    expect(status).toBe(0)
    expect(out).toMatch(/^Control connection\n {2}control-refused +Connection refused\n/)
    expect(out).toMatch(/\nPassive\n {2}passive-private-address +Server announces a private address\n/)
    for (const id of FINDING_IDS) expect(out).toContain(`  ${id}`)
  })

  it('puts every finding into exactly one group', () => {
    expect([...findingGroups().values()].flat().sort()).toEqual([...FINDING_IDS].sort())
    expect(findingGroups().get('Passive')).toContain('passive-rejected')
  })

  it('suggests the finding that was meant', async () => {
    const { status, out, err } = await ftpscope(['explain', 'pasive-private-adress'], { findings })
    expect([status, out]).toEqual([2, ''])
    expect(err).toBe(
      'ftpscope: Unknown finding "pasive-private-adress"; did you mean passive-private-address? "ftpscope ' +
        'explain" lists all\n',
    )
    expect(findFinding('zzz')).toEqual({ meant: [] })
    expect((await ftpscope(['explain', 'port-unans'], { findings })).err).toBe(
      'ftpscope: Unknown finding "port-unans"; there are passive-port-unanswered, active-port-unanswered\n',
    )
  })

  it('opens no file other than the pages', async () => {
    const { status, err } = await ftpscope(['explain', '../../package'], { findings })
    expect(status).toBe(2)
    expect(err).toContain('Unknown finding')
  })

  it('names a missing page', async () => {
    const { status, err } = await ftpscope(['explain', 'control-reset'], { findings })
    expect([status, err]).toEqual([2, 'ftpscope: Cannot read the page of control-reset: no such file or directory\n'])
  })
})
