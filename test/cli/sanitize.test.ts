import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { read } from '../capture/read.js'
import { analyzedBytes } from '../slice/copies.js'
import { SAMPLES } from '../support/captures.js'
import { folderForEach } from './folder.js'
import { ftpscopeOn } from './real.js'
import { Collector } from './support.js'

const SAMPLE = join(SAMPLES, 'lab/passive-private-address.client.pcap')
const SERVER = SAMPLE.replace('client', 'server')
const KEY = '0123456789abcdef0123456789abcdef'

const at = folderForEach()
const clientIn = (name: string) => analyzedBytes([readFileSync(at(name))]).sessions[0]!.client.address

describe('ftpscope sanitize', () => {
  it('writes a copy with other names and addresses and the same verdict, and says what it did', async () => {
    const { status, out, err } = await ftpscopeOn(['sanitize', SAMPLE, '-o', at('a.pcapng')])
    expect([status, err]).toEqual([0, ''])
    expect(out).toBe('29 frames of 29 copied\nThe key was random and is not kept: another copy has other addresses\n')
    const copy = readFileSync(at('a.pcapng'))
    const [before, after] = [analyzedBytes([readFileSync(SAMPLE)]), analyzedBytes([copy])]
    expect(after.sessions[0]!.verdict.cause).toBe('passive-private-address')
    expect(after.sessions[0]!.user).not.toBe(before.sessions[0]!.user)
    expect(
      read([copy])
        .files[0]!.comments.map(({ text }) => text)
        .join(),
    ).toContain('Sanitized by ftpscope')
  })

  it('maps the same addresses alike with the same key, from a file or the environment, and otherwise not', async () => {
    writeFileSync(at('key'), `${KEY}\n`)
    process.env['FTPSCOPE_TEST_KEY'] = KEY
    const runs: [string, string[]][] = [
      ['a', ['--key', at('key'), SAMPLE]],
      ['b', ['--key-env', 'FTPSCOPE_TEST_KEY', SAMPLE]],
      ['c', [SAMPLE]],
    ]
    for (const [name, argv] of runs)
      expect((await ftpscopeOn(['sanitize', '-q', ...argv, '-o', at(name)])).out).toBe('')
    delete process.env['FTPSCOPE_TEST_KEY']
    expect(readFileSync(at('b'))).toEqual(readFileSync(at('a')))
    expect(clientIn('c')).not.toBe(clientIn('a'))
    expect(readFileSync(at('a')).includes(KEY)).toBe(false)
  })

  it('puts the copy on standard output without anything else', async () => {
    const { status, out } = await ftpscopeOn(['sanitize', SAMPLE])
    expect(status).toBe(0)
    expect(out.startsWith('\n\r\r\n')).toBe(true)
    expect(out).not.toContain('frames of')
  })

  it('leaves out other frames with --ftp-only, and certificates as they are with --keep-certificates', async () => {
    const path = join(SAMPLES, 'made/tls-certificate-expired.pcap')
    await ftpscopeOn(['sanitize', path, '-o', at('a.pcapng')])
    const { out } = await ftpscopeOn(['sanitize', '--keep-certificates', path, '-o', at('b.pcapng')])
    expect(out).toMatch(/copied/)
    expect(readFileSync(at('a.pcapng')).includes('Example Root CA')).toBe(false)
    expect(readFileSync(at('b.pcapng')).includes('Example Root CA')).toBe(true)
    const only = await ftpscopeOn(['sanitize', '--ftp-only', SAMPLE, '-o', at('c.pcapng')])
    const kept = read([readFileSync(at('c.pcapng'))]).frames.length
    expect(only.out).toMatch(`${kept} frames of 29 copied`)
    expect(kept).toBeLessThan(29)
    expect(analyzedBytes([readFileSync(at('c.pcapng'))]).sessions[0]!.verdict.cause).toBe('passive-private-address')
  })

  it.each([
    [[], /Specify the capture/],
    [['-'], /can be read only once/],
    [['nowhere.pcap'], /nowhere\.pcap/],
    [['--key', 'nowhere.key', SAMPLE], /Cannot read the key nowhere\.key/],
    [['--key-env', 'FTPSCOPE_NOT_SET', SAMPLE], /no variable FTPSCOPE_NOT_SET/],
    [['--key', 'a', '--key-env', 'B', SAMPLE], /--key or --key-env, not both/],
    [[SAMPLE, SERVER], /of 2 places: copy those of each place, with the same --key/],
  ])('exits with 2 for %j and leaves no file', async (argv, message) => {
    const { status, err } = await ftpscopeOn(['sanitize', ...argv, '-o', at('a.pcapng')], { stdin: SAMPLE })
    expect(status).toBe(2)
    expect(err).toMatch(message)
    expect(readdirSync(at(''))).toEqual([])
  })

  it('refuses a short key, a terminal, and to write over the capture or the key', async () => {
    writeFileSync(at('key'), 'short')
    const short = await ftpscopeOn(['sanitize', SAMPLE, '--key', at('key'), '-o', at('a.pcapng')])
    expect(short.err).toContain('has 5 bytes, at least 16 are needed')
    const terminal = await ftpscopeOn(['sanitize', SAMPLE], { stdout: new Collector({ isTTY: true }) })
    expect(terminal.err).toContain('name a file with -o')
    writeFileSync(at('key'), KEY)
    copyFileSync(SAMPLE, at('a.pcap'))
    expect((await ftpscopeOn(['sanitize', at('a.pcap'), '-o', at('a.pcap')])).status).toBe(2)
    expect((await ftpscopeOn(['sanitize', SAMPLE, '--key', at('key'), '-o', at('key')])).status).toBe(2)
    expect(readFileSync(at('a.pcap'))).toEqual(readFileSync(SAMPLE))
    expect(readFileSync(at('key'), 'utf8')).toBe(KEY)
  })

  it('says where TLS that the capture decrypts is not decrypted in the copy', async () => {
    const path = join(SAMPLES, 'lab/ftps-active-private-address.client.pcap')
    const keys = path.replace('.pcap', '.keys')
    const { status, err } = await ftpscopeOn(['sanitize', path, '--keylog', keys, '-o', at('a.pcapng')])
    expect(status).toBe(0)
    expect(err).toBe(
      'ftpscope: Session 1 was failed (active-private-address) and is failed (active-rejected) in the copy: ' +
        'the keys of its TLS are not passed on\n',
    )
    expect(analyzedBytes([readFileSync(at('a.pcapng'))]).sessions[0]).toMatchObject({ decrypted: false })
  })

  it('writes nothing when it is interrupted', async () => {
    const { status } = await ftpscopeOn(['sanitize', SAMPLE, '-o', at('a.pcapng')], { interrupted: true })
    expect([status, existsSync(at('a.pcapng'))]).toEqual([2, false])
  })
})
