import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SAMPLES } from '../../support/captures.js'
import { folderForEach } from '../folder.js'
import { ftpscopeOn } from '../real.js'
import { DEFAULT_ANALYSIS, ftpscope } from '../support.js'

const inFolder = folderForEach()

function put(name: string, text: string): string {
  const path = inFolder(name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}

const run = (...argv: string[]) => ftpscope(argv, { folder: inFolder('') })

describe('A configuration file', () => {
  it('gives the options of an analysis where the program is started, in JSON and in YAML', async () => {
    const options = {
      ports: [2100],
      hosts: ['2001:DB8:0::5'],
      names: { '203.0.113.20': 'ftp.example' },
      maxSessions: 7,
    }
    put('ftpscope.config.json', JSON.stringify(options))
    const expected = {
      ports: [2100],
      hosts: ['2001:db8::5'],
      names: { '203.0.113.20': 'ftp.example' },
      maxSessions: 7,
    }
    expect((await run('a.pcap')).options).toMatchObject(expected)

    const yaml = [
      '# of the nightly job',
      'ports: 2100',
      "hosts: ['2001:DB8:0::5']",
      'names:',
      '  203.0.113.20: ftp.example',
      'maxSessions: 7',
    ]
    const path = put('other.yaml', yaml.join('\n'))
    expect((await run('--config', path, 'a.pcap')).options).toMatchObject(expected)
  })

  it('is named on standard error with the keys that are in effect, unless --quiet', async () => {
    const path = put('ftpscope.config.yml', 'ports: 2100\nignore: [cleartext-credentials]\n')
    const { err } = await run('--port', '2200', 'a.pcap')
    expect(err).toContain(`ftpscope: Configuration ${path}: ignore\n`)
    expect((await run('--quiet', 'a.pcap')).err).toBe('')
  })

  it('gives way to the command line: its lists replace those of the file', async () => {
    put('ftpscope.config.json', '{ "ports": [2100, 2101], "maxConnections": 5 }')
    const { options } = await run('--port', '2200', 'a.pcap')
    expect(options).toMatchObject({ ports: [2200], maxConnections: 5 })
  })

  it('is not read with --no-config, nor by commands that read no capture', async () => {
    put('ftpscope.config.json', '{ "ports": [2100] }')
    const { options, err } = await run('--no-config', 'a.pcap')
    expect(options).not.toHaveProperty('ports')
    expect(err).not.toContain('Configuration')

    put('ftpscope.config.json', 'no JSON')
    expect((await run('completion', 'bash')).status).toBe(0)
    expect((await run('a.pcap')).status).toBe(2)
  })

  it('decides what the exit status 1 of an analysis is for, but not that of diff', async () => {
    put('ftpscope.config.json', '{ "failOn": "failed" }')
    expect((await run('a.pcap')).status).toBe(1)
    expect((await run('--fail-on', 'none', 'a.pcap')).status).toBe(0)
    const before = { 'a.json': DEFAULT_ANALYSIS() }
    expect(await ftpscope(['diff', 'a.json', 'a.json'], { folder: inFolder(''), earlier: before })).toMatchObject({
      status: 0,
    })
  })

  it('names hosts in the report, also for subcommands', async () => {
    const capture = join(SAMPLES, 'lab/passive-private-address.client.pcap')
    const path = put('c.json', '{ "names": { "203.0.113.20": "ftp.example" } }')
    expect((await ftpscopeOn(['--config', path, capture])).out).toContain('ftp.example')
    const top = await ftpscopeOn(['top', '--config', path, '--server', 'ftp.example', capture])
    expect(top.out).toContain('1 session in total')
    const { out } = await ftpscopeOn(['--config', path, '--format', 'csv', '--server', 'ftp.example', capture])
    expect(out.split('\r\n')).toHaveLength(3)
  })

  it('names key logs relative to itself', async () => {
    const path = put('job/c.yaml', 'keylog: keys.log')
    expect((await run('--config', path, 'a.pcap')).err).toContain(`Cannot read the key log ${inFolder('job/keys.log')}`)
    put('job/keys.log', '# none\n')
    expect((await run('--config', path, 'a.pcap')).options).toHaveProperty('keyLog')
  })

  it.each(['../keys.log', '/etc/hosts', 'a/../../keys.log'])(
    'that was found, not given, names no file outside its folder (%s)',
    async (keylog) => {
      put('ftpscope.config.json', JSON.stringify({ keylog }))
      const { status, err } = await run('a.pcap')
      expect(status).toBe(2)
      expect(err).toContain('"keylog": Paths outside its folder are taken only from a file that --config names.')
    },
  )
})

describe('A configuration file that is wrong ends the run, which says', () => {
  it.each([
    ['{ "prots": [1] }', 'the unknown key "prots"; did you mean "ports"?'],
    ['{ "xyz": 1 }', 'there are ports, hosts'],
    ['{ "ports": "2100" }', 'wrong value for "ports": Give numbers from 1 to 65535, not "2100".'],
    ['{ "ports": [] }', 'wrong value for "ports": Give at least one'],
    ['{ "names": { "ftp": "x" } }', 'wrong value for "names": Give an IPv4 or IPv6 address.'],
    ['{ "names": { "10.0.0.1": "a\\u001b[31m" } }', 'wrong value for "names": Give names without blanks'],
    ['{ "ignore": "passive-privat-address" }', 'did you mean passive-private-address?'],
    ['{ "failOn": ["bad"] }', 'wrong value for "failOn": Give one or more of failed'],
    ['{ "timeZone": "Mars/Olympus" }', 'wrong value for "timeZone": Give UTC'],
    ['{ "jobs": 0 }', 'wrong value for "jobs": Give a whole number'],
    ['[1]', 'is not an object with keys'],
    ['{ "ports": ', 'cannot be read: '],
  ])('%s: %s', async (text, message) => {
    const path = put('ftpscope.config.json', text)
    const { status, err, calls } = await run('a.pcap')
    expect({ status, calls }).toEqual({ status: 2, calls: [] })
    expect(err).toContain(`The configuration ${path} `)
    expect(err).toContain(message)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  })

  it('where YAML is wrong', async () => {
    put('ftpscope.config.yaml', 'ports: 2100\nports: 2101\n')
    expect((await run('a.pcap')).err).toContain('Map keys must be unique at line 2')
  })

  it('that an alias which grows is refused', async () => {
    const lines = Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]`)
    put('ftpscope.config.yaml', ['a0: &a0 [x]', ...lines].join('\n'))
    const { status, err } = await run('a.pcap')
    expect(status).toBe(2)
    expect(err).toMatch(/cannot be read: .*alias/i)
  })

  it('that it is not there, is no file, or has a twin', async () => {
    expect((await run('--config', inFolder('none.json'), 'a.pcap')).err).toContain('no such file or directory')
    expect((await run('--config', inFolder(''), 'a.pcap')).err).toContain('it is not a regular file')
    put('ftpscope.config.json', '{}')
    put('ftpscope.config.yaml', '')
    expect((await run('a.pcap')).err).toContain('keep one, or name one with --config')
  })
})
