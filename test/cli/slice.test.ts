import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { read } from '../capture/read.js'
import { SAMPLES } from '../support/captures.js'
import { analyzedBytes } from '../slice/copies.js'
import { folderForEach } from './folder.js'
import { ftpscopeOn } from './real.js'
import { Collector } from './support.js'

const SAMPLE = join(SAMPLES, 'lab/passive-private-address.client.pcap')
const OTHER = join(SAMPLES, 'lab/active-healthy.client.pcap')
const FTPS = join(SAMPLES, 'lab/ftps-active-private-address.client.pcap')

const at = folderForEach()

describe('ftpscope slice', () => {
  it('writes the packets of a session, and says how many', async () => {
    const { status, out, err } = await ftpscopeOn(['slice', SAMPLE, '--session', '1', '-o', at('part.pcapng')])
    expect([status, out]).toEqual([0, ''])
    expect(err).toBe('ftpscope: 22 of 29 frames, 1 session\n')
    const part = readFileSync(at('part.pcapng'))
    expect(read([part]).frames).toHaveLength(22)
    expect(analyzedBytes([part]).sessions[0]!.verdict.cause).toBe('passive-private-address')
  })

  it('reads compressed captures, and several', async () => {
    writeFileSync(at('a.pcap.gz'), gzipSync(readFileSync(SAMPLE)))
    copyFileSync(OTHER, at('b.pcap'))
    const { status } = await ftpscopeOn(['slice', at('a.pcap.gz'), at('b.pcap'), '--quiet', '-o', at('part.pcapng')])
    expect(status).toBe(0)
    expect(analyzedBytes([readFileSync(at('part.pcapng'))]).sessions).toHaveLength(2)
  })

  it('puts the secrets of a key log that decrypt the session into the slice', async () => {
    const keys = FTPS.replace('.pcap', '.keys')
    const argv = ['slice', FTPS, '--keylog', keys, '-o', at('part.pcapng')]
    expect(await ftpscopeOn(argv)).toMatchObject({ status: 0 })
    expect(analyzedBytes([readFileSync(at('part.pcapng'))]).sessions[0]).toMatchObject({ decrypted: true })
  })

  it('says where the slice alone gives another verdict', async () => {
    const path = join(SAMPLES, 'lab/tls-healthy.client.pcap')
    const { status, err } = await ftpscopeOn(['slice', path, '--headers-only', '-o', at('part.pcapng')])
    expect(status).toBe(0)
    expect(err).toContain('Session 1 was ok and is undetermined in the slice')
  })

  it.each([
    [['--session', '9', SAMPLE], /No session 9: the capture contains 1 session/],
    [[], /Specify the capture/],
    [['-'], /standard input can be read only once: save it to a file first/],
    [['--host', '192.0.2.99', SAMPLE], /No session to cut out/],
    [['nowhere.pcap'], /nowhere\.pcap/],
  ])('exits with 2 for %j and leaves no file', async (argv, message) => {
    const { status, err } = await ftpscopeOn(['slice', '-o', at('part.pcapng'), ...argv], { stdin: SAMPLE })
    expect(status).toBe(2)
    expect(err).toMatch(message)
    expect(readdirSync(at(''))).toEqual([])
  })

  it('refuses a terminal, and to write over a capture', async () => {
    const terminal = await ftpscopeOn(['slice', SAMPLE], { stdout: new Collector({ isTTY: true }) })
    expect(terminal).toMatchObject({ status: 2, out: '' })
    expect(terminal.err).toContain('name a file with -o')
    copyFileSync(SAMPLE, at('a.pcap'))
    const over = await ftpscopeOn(['slice', at('a.pcap'), '-o', at('a.pcap')])
    expect(over.err).toContain('is one of the captures')
    expect(readFileSync(at('a.pcap'))).toEqual(readFileSync(SAMPLE))
  })

  it('refuses captures of several places', async () => {
    const argv = ['slice', SAMPLE, SAMPLE.replace('client', 'server'), '-o', at('part.pcapng')]
    const { status, err } = await ftpscopeOn(argv)
    expect(status).toBe(2)
    expect(err).toContain('The captures are of 2 places')
    expect(existsSync(at('part.pcapng'))).toBe(false)
  })

  it('writes nothing when it is interrupted', async () => {
    const { status, err } = await ftpscopeOn(['slice', SAMPLE, '-o', at('a.pcapng')], { interrupted: true })
    expect([status, err]).toEqual([2, 'ftpscope: Interrupted: nothing was written\n'])
    expect(readdirSync(at(''))).toEqual([])
  })
})
