/** A slice has what the analysis of its sessions needs, and nothing of other sessions. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/index.js'
import { join, pcap, type PcapRecord, Pcapng, text } from '../capture/build.js'
import { pieces, read, type Seen } from '../capture/read.js'
import { keysOf, sampleCaptures } from '../support/captures.js'
import { ftpSession, login, quit, retrieve } from '../support/ftp-scene.js'
import { Scene } from '../support/scene.js'
import { fragment, type Transform } from '../support/transforms.js'
import { analyzedBytes, sliced } from './copies.js'

/** Verdicts by what stays the same in a slice; their sentences may speak of other traffic. */
function verdicts({ sessions }: Analysis): string[] {
  return sessions.map(({ client, server, start, verdict: { outcome, cause } }) =>
    JSON.stringify([client, server, start, outcome, cause]),
  )
}

/** Two sessions of two users, one after the other; the second one takes the first one's ports if asked. */
function twoSessions(samePort = false, transforms: readonly Transform[] = []): Uint8Array {
  const scene = new Scene()
  const client = scene.host('192.168.1.10')
  const server = scene.host('203.0.113.20')
  for (const [index, user] of ['alice', 'bob'].entries()) {
    const session = ftpSession(scene, client, server, { clientPort: samePort ? 52_228 : 52_228 + 100 * index })
    login(session, { user })
    retrieve(session, { data: `content for ${user} `.repeat(100), path: `${user}.txt` })
    quit(session)
  }
  return scene.apply(...transforms).toPcap()
}

/** A frame as two fragments of a packet in a tunnel of IP in IP (RFC 2003). */
function tunnelled({ data, number, time }: Seen): PcapRecord[] {
  const [ethernet, inner] = [data.slice(0, 14), data.slice(14)]
  const cut = 24
  return [inner.slice(0, cut), inner.slice(cut)].map((part, index) => {
    const length = 20 + part.length
    const flags = index === 0 ? [0x20, 0] : [0, cut / 8]
    const header = [0x45, 0, length >> 8, length & 255, number >> 8, number & 255, ...flags, 64, 4, 0, 0]
    const addresses = [198, 51, 100, 1, 198, 51, 100, 2]
    const bytes = Uint8Array.from([...ethernet, ...header, ...addresses, ...part])
    const microseconds = Math.round(time / 1000)
    return { seconds: 1_700_000_000 + Math.floor(microseconds / 1e6), fraction: microseconds % 1e6, data: bytes }
  })
}

const has = (copy: Uint8Array, words: string): boolean => Buffer.from(copy).includes(words)

describe('a slice of a sample', () => {
  it.each(sampleCaptures().filter((path) => !path.endsWith('.gz')))('gives the same verdicts: %s', (path) => {
    const file = readFileSync(path)
    const keys = keysOf(path)
    const { copy, analysis } = sliced([file], keys ? { keyLogs: [keys] } : {})
    expect(verdicts(analyzedBytes([copy]))).toEqual(verdicts(analysis))
  })
})

describe('a slice', () => {
  it.each([false, true])('has one of two sessions and nothing of the other, with the same ports: %s', (samePort) => {
    const file = twoSessions(samePort)
    const whole = read([file]).frames
    for (const [id, user, other] of [
      [1, 'alice', 'bob'],
      [2, 'bob', 'alice'],
    ] as const) {
      const { copy, analysis, slicer } = sliced([file], { ids: [id] })
      expect([has(copy, `content for ${user}`), has(copy, other)]).toEqual([true, false])
      expect(verdicts(analyzedBytes([copy]))).toEqual([verdicts(analysis)[id - 1]])
      const { frames } = read([copy])
      expect(frames).toHaveLength(slicer.frames)
      const frameKeys = new Set(whole.map(({ data }) => data.join()))
      expect(frames.every(({ data }) => frameKeys.has(data.join()))).toBe(true)
    }
  })

  it('is the same however the bytes are split', () => {
    const file = twoSessions()
    const { copy } = sliced([file], { ids: [2] })
    expect(sliced([file], { ids: [2], cut: pieces(97) }).copy).toEqual(copy)
  })

  it('has the times of the capture', () => {
    const file = twoSessions()
    const { copy, analysis } = sliced([file], { ids: [2] })
    const { start, end, exchanges } = analysis.sessions[1]!
    const [session] = analyzedBytes([copy]).sessions
    expect(session).toMatchObject({ start, end })
    expect(session!.exchanges.map(({ time }) => time)).toEqual(exchanges.map(({ time }) => time))
  })

  it('with headers only has no content of files, and knows their sizes', () => {
    const file = twoSessions()
    const { copy, analysis } = sliced([file], { headersOnly: true })
    expect([has(copy, 'content for'), has(copy, 'alice.txt')]).toEqual([false, true])
    const sizes = ({ sessions }: Analysis) =>
      sessions.map(({ dataChannels, verdict }) => [dataChannels[0]!.transfer!.bytes, verdict.outcome])
    expect(sizes(analyzedBytes([copy]))).toEqual(sizes(analysis))
  })

  it('has all fragments of its packets; with headers only their content is zeros', () => {
    const file = twoSessions(false, [fragment(64)])
    const { copy, analysis } = sliced([file], { ids: [1] })
    expect(read([copy]).frames.length).toBeGreaterThan(read([twoSessions()]).frames.length / 2)
    expect(verdicts(analyzedBytes([copy]))).toEqual([verdicts(analysis)[0]])
    expect([has(copy, 'content for alice'), has(copy, 'bob')]).toEqual([true, false])
    const headers = sliced([file], { ids: [1], headersOnly: true }).copy
    expect([has(headers, 'content for'), has(headers, 'alice.txt')]).toEqual([false, true])
    expect(analyzedBytes([headers]).sessions[0]!.dataChannels[0]!.transfer!.bytes).toBe(
      analysis.sessions[0]!.dataChannels[0]!.transfer!.bytes,
    )
  })

  it('has fragments of a tunnel whose inner packets are fragments, too', () => {
    const frames = read([twoSessions(false, [fragment(512)])]).frames.flatMap(tunnelled)
    const file = pcap(frames)
    const { copy, analysis } = sliced([file], { ids: [1] })
    expect(analysis.sessions.map(({ verdict }) => verdict.outcome)).toEqual(['ok', 'ok'])
    expect(verdicts(analyzedBytes([copy]))).toEqual([verdicts(analysis)[0]])
    expect(read([copy]).frames.length).toBeLessThan(frames.length)
  })

  it('has the ICMP errors about its connections, and no others', () => {
    for (const id of [1, 2]) {
      const scene = new Scene()
      const client = scene.host('192.168.1.10')
      const server = scene.host('203.0.113.20')
      for (const port of [52_228, 52_328]) {
        const icmp = { type: 3, code: 13, from: '198.51.100.1' }
        scene.syn(client, port, server, 21, { answer: { icmp } })
      }
      const file = scene.toPcap()
      const { copy, analysis } = sliced([file], { ids: [id] })
      expect(analysis.sessions).toHaveLength(2)
      expect(read([copy]).frames).toHaveLength(2)
      expect(verdicts(analyzedBytes([copy]))).toEqual([verdicts(analysis)[id - 1]])
    }
  })
})

describe('the secrets of a slice', () => {
  const ng = new Pcapng()
  const other = `CLIENT_RANDOM ${'ab'.repeat(32)} ${'cd'.repeat(48)}\n`
  const path = sampleCaptures().find((name) => name.endsWith('ftps-active-private-address.client.pcap'))!
  const file = readFileSync(path)
  const keys = keysOf(path)!

  it('are those of its sessions, whether they come from the capture or from a key log', () => {
    const noise = text(other)
    const log = join(noise, new Uint8Array(keys))
    for (const { copy, analysis } of [
      sliced([file], { keyLogs: [log] }),
      sliced([join(ng.section(), ng.secrets(0x544c534b, log), ng.nic()), file]),
    ]) {
      expect(analysis.sessions.some(({ decrypted }) => decrypted)).toBe(true)
      expect(verdicts(analyzedBytes([copy]))).toEqual(verdicts(analysis))
      expect(has(copy, 'abababab')).toBe(false)
    }
  })

  it('are left out where they are of another kind', () => {
    const ssh = join(ng.section(), ng.secrets(0x53534b4c, text('ssh key material')), ng.nic())
    expect(has(sliced([ssh, twoSessions()]).copy, 'ssh key')).toBe(false)
  })
})
