import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../support/captures.js'
import { ftpscope } from './support.js'

describe('ftpscope --help and --version', () => {
  it('print to standard output and exit with 0', async () => {
    const help = await ftpscope(['--help'])
    expect([help.status, help.err]).toEqual([0, ''])
    expect(help.out).toContain('ftpscope [analyze] [options] CAPTURE...')
    expect(help.out).toContain('Examples:')
    expect(await ftpscope(['--version'])).toMatchObject({ status: 0, out: '1.2.3\n', err: '' })
  })

  it('describe every option', async () => {
    const { out } = await ftpscope(['--help'])
    for (const option of ['--format', '-o, --output', '--session', '--host', '--port', '--show-secrets', '--fail-on']) {
      expect(out).toContain(option)
    }
    for (const option of [
      '-q, --quiet',
      '--no-color',
      '--max-connections',
      '--max-sessions',
      'explain',
      'completion',
    ]) {
      expect(out).toContain(option)
    }
  })

  it('create no analyzer', async () => {
    expect((await ftpscope(['--help'])).options).toBeNull()
  })
})

describe('the program as a process', () => {
  it('prints the version of its package', () => {
    const out = execFileSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', '--version'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
