import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { ftpscope } from './support.js'

/** What bash offers at the end of a command line. */
function bashOffers(script: string, ...words: string[]): string[] {
  const ask = `${script}
COMP_WORDS=(ftpscope "$@"); COMP_CWORD=$#; _ftpscope; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', ask, 'bash', ...words], { encoding: 'utf8' })
    .trim()
    .split('\n')
}

describe('ftpscope completion', () => {
  it('completes commands, options, their values and findings in bash', async () => {
    const { out } = await ftpscope(['completion', 'bash'])
    expect(bashOffers(out, 'exp')).toEqual(['explain'])
    expect(bashOffers(out, '--form')).toEqual(['--format'])
    expect(bashOffers(out, 'firewall', 'a.pcap', '--for', 'nf')).toEqual(['nftables'])
    expect(bashOffers(out, '--format', 'js')).toEqual(['json'])
    expect(bashOffers(out, 'explain', 'passive-port-re')).toEqual(['passive-port-refused'])
    expect(bashOffers(out, 'completion', '')).toEqual(['bash', 'zsh', 'fish', 'powershell'])
  })

  it('leaves file names to bash', async () => {
    const { out } = await ftpscope(['completion', 'bash'])
    expect(bashOffers(out, '')).toEqual([''])
    expect(bashOffers(out, '-o', '')).toEqual([''])
    expect(out).toContain('complete -o default')
  })

  it.each(['bash', 'zsh', 'fish', 'powershell'])('knows every option in %s', async (shell) => {
    const { status, out } = await ftpscope(['completion', shell])
    expect(status).toBe(0)
    for (const name of [
      'format',
      'output',
      'session',
      'host',
      'port',
      'show-secrets',
      'fail-on',
      'quiet',
      'no-color',
    ]) {
      expect(out).toMatch(shell === 'fish' ? new RegExp(`-l ${name} `) : new RegExp(`--${name}\\b`))
    }
  })

  it('names each word that values follow once in PowerShell, where a key that is there twice is an error', async () => {
    const { out } = await ftpscope(['completion', 'powershell'])
    const keys = [...out.matchAll(/^ {4}'([^']+)' = @\('/gm)].map(([, key]) => key!.toLowerCase())
    expect(keys).toEqual(expect.arrayContaining(['--format', '--for', 'explain', 'completion']))
    expect(new Set(keys).size).toBe(keys.length)
    expect(out).toMatch(/'--format' = @\('text', 'json'/)
    expect(out).toContain("'passive-port-refused'")
  })

  it('exits with 2 for another shell', async () => {
    const { status, err } = await ftpscope(['completion', 'tcsh'])
    expect(status).toBe(2)
    expect(err).toMatch(/'tcsh' is invalid.*bash, zsh, fish/)
  })
})
