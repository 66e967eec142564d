import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { join as joinBytes, Pcapng } from '../capture/build.js'
import { read } from '../capture/read.js'
import { SAMPLES } from '../support/captures.js'
import { folderForEach } from './folder.js'
import { ftpscopeOn } from './real.js'

const SAMPLE = join(SAMPLES, 'lab/passive-private-address.client.pcap')

const at = folderForEach()

describe('ftpscope annotate', () => {
  it('writes the capture with comments, and the same for other uses if asked', async () => {
    const more = ['--lua', at('notes.lua'), '--filters', at('filters.txt')]
    const { status, out, err } = await ftpscopeOn(['annotate', SAMPLE, '-o', at('a.pcapng'), ...more])
    expect([status, out, err]).toEqual([0, '', 'ftpscope: Comments on 9 of 29 frames\n'])
    const copy = read([readFileSync(at('a.pcapng'))])
    expect(copy.frames).toEqual(read([readFileSync(SAMPLE)]).frames)
    expect(copy.files[0]!.comments.map(({ text }) => text).join()).toContain('(passive-private-address)')
    expect(readFileSync(at('notes.lua'), 'utf8')).toContain('passive-private-address')
    expect(readFileSync(at('filters.txt'), 'utf8')).toContain('frame.number in {17, 18')
  })

  it('marks the frames of several places by the numbers of the analysis', async () => {
    const server = SAMPLE.replace('client', 'server')
    const { status } = await ftpscopeOn(['annotate', '-q', SAMPLE, server, '-o', at('a.pcapng')])
    expect(status).toBe(0)
    const { frames, files } = read([readFileSync(at('a.pcapng'))])
    const both = read([readFileSync(SAMPLE), readFileSync(server)]).frames
    expect(new Set(frames.map(({ data }) => data.join()))).toEqual(new Set(both.map(({ data }) => data.join())))
    expect(files[0]!.comments.length).toBeGreaterThan(0)
  })

  it('says how many frames cannot have a comment', async () => {
    const ng = new Pcapng()
    const packets = read([readFileSync(SAMPLE)]).frames.map(({ data, number }) => {
      const bytes = Uint8Array.from(data)
      return number === 1 ? ng.packet(1_700_000_000_000_000n, bytes) : ng.simplePacket(bytes)
    })
    writeFileSync(at('simple.pcapng'), joinBytes(ng.section(), ng.nic(), ...packets))
    const { status, err } = await ftpscopeOn(['annotate', at('simple.pcapng'), '-o', at('a.pcapng')])
    expect(status).toBe(0)
    expect(err).toMatch(/\d frames cannot have a comment in this file/)
    expect(readFileSync(at('a.pcapng'))).toEqual(readFileSync(at('simple.pcapng')))
  })

  it.each([
    [['--session', '9', SAMPLE], /No session 9/],
    [[], /Specify the capture/],
    [['-'], /can be read only once/],
    [['nowhere.pcap'], /nowhere\.pcap/],
  ])('exits with 2 for %j and leaves no file', async (argv, message) => {
    const outputs = ['-o', at('a.pcapng'), '--lua', at('notes.lua')]
    const { status, err } = await ftpscopeOn(['annotate', ...outputs, ...argv], { stdin: SAMPLE })
    expect(status).toBe(2)
    expect(err).toMatch(message)
    expect(readdirSync(at(''))).toEqual([])
  })

  it('does not write filters over a capture', async () => {
    copyFileSync(SAMPLE, at('b.pcap'))
    const { err } = await ftpscopeOn(['annotate', at('b.pcap'), '-o', at('a.pcapng'), '--filters', at('b.pcap')])
    expect(err).toContain('is one of the captures')
  })

  it('writes nothing when it is interrupted', async () => {
    const { status, err } = await ftpscopeOn(['annotate', SAMPLE, '-o', at('a.pcapng')], { interrupted: true })
    expect([status, err]).toEqual([2, 'ftpscope: Interrupted: nothing was written\n'])
    expect(readdirSync(at(''))).toEqual([])
  })
})
