import { describe, expect, it } from 'vitest'
import { Analyzer, type AnalyzeOptions, type SessionReport } from '../../../src/index.js'
import { arranged } from '../../../src/report/choose/arranged.js'
import { DEFAULT_OPTIONS } from '../../../src/report/format.js'
import { FORMATS, type FormatName } from '../../../src/report/formats.js'
import { Pcapng, join } from '../../capture/build.js'
import { ftpSession, login, quit, retrieve } from '../../support/ftp-scene.js'
import { Scene } from '../../support/scene.js'

/** Three sessions of which the first one ends last. */
function capture(): Uint8Array {
  const scene = new Scene()
  const server = scene.host('203.0.113.20')
  const long = ftpSession(scene, scene.host('10.0.0.1'), server)
  login(long, { user: 'alice' })
  for (const [address, user] of [
    ['10.0.0.2', 'bob'],
    ['10.0.0.3', 'alice'],
  ] as const) {
    const session = ftpSession(scene, scene.host(address), server)
    login(session, { user })
    retrieve(session)
    quit(session)
  }
  quit(long)
  return scene.toPcap()
}

function analyzed(bytes: Uint8Array, options: AnalyzeOptions = {}) {
  const analyzer = new Analyzer(options)
  analyzer.openFile('a.pcap')
  analyzer.push(bytes)
  analyzer.closeFile()
  return analyzer.end()
}

async function json(bytes: Uint8Array, format: FormatName, options: AnalyzeOptions): Promise<string> {
  const assets = { page: () => Promise.resolve(''), utf8: new TextEncoder() }
  const writer = (await FORMATS[format](assets))(DEFAULT_OPTIONS)
  let text = ''
  const analyzer = new Analyzer(options, {
    session: (session: SessionReport) => {
      text += writer.session(session)
    },
    leftOut: (session) => writer.leftOut?.(session),
    idOf: (id) => writer.idOf(id),
  })
  analyzer.openFile('a.pcap')
  analyzer.push(bytes)
  analyzer.closeFile()
  const decoder = new TextDecoder()
  for (const piece of writer.end(analyzer.end())) text += typeof piece === 'string' ? piece : decoder.decode(piece)
  return text
}

describe('chosen sessions', () => {
  it('keep their numbers; the others are neither listed nor counted', () => {
    const all = analyzed(capture())
    const some = analyzed(capture(), { where: 'user = alice' })
    expect(all.sessions.map(({ id, user }) => [id, user])).toEqual([
      [1, 'alice'],
      [2, 'bob'],
      [3, 'alice'],
    ])
    expect(some.sessions.map(({ id }) => id)).toEqual([1, 3])
    expect(some.sessions).toEqual(all.sessions.filter(({ user }) => user === 'alice'))
    expect(some.summary).toMatchObject({ sessions: 2, leftOut: 1, transfers: { attempted: 1 } })
    expect(all.summary.leftOut).toBeUndefined()
  })

  it('keep their numbers in reports that are written while captures are read', async () => {
    const whole = JSON.parse(await json(capture(), 'json', { where: 'user = alice' })) as ReturnType<typeof analyzed>
    expect(whole).toEqual(analyzed(capture(), { where: 'user = alice' }))
    expect(await json(capture(), 'text', { where: 'user = alice' })).toMatch(/^ 3 +10\.0\.0\.3/m)
  })

  it('may be none', async () => {
    const text = await json(capture(), 'text', { where: 'user = nobody' })
    expect(text).toContain('None of 3 sessions is as asked for.')
    expect(analyzed(capture(), { where: 'user = nobody' }).summary).toMatchObject({ sessions: 0, leftOut: 3 })
  })

  it('lack findings to be ignored', () => {
    const exposed = 'cleartext-credentials'
    const ids = (options: AnalyzeOptions) =>
      analyzed(capture(), options).sessions.flatMap(({ findings }) => findings.map(({ id }) => id))
    expect(ids({})).toContain(exposed)
    expect(ids({ ignore: [exposed] })).not.toContain(exposed)
    expect(analyzed(capture(), { ignore: [exposed], where: `finding = ${exposed}` }).sessions).toEqual([])
  })

  it('are sorted by any field, those without a value last, up to a limit', () => {
    const ids = (sort: string, limit?: number) =>
      arranged(analyzed(capture()), { sort, ...(limit !== undefined && { limit }) }).sessions.map(({ id }) => id)
    expect(ids('user')).toEqual([1, 3, 2])
    expect(ids('-user')).toEqual([2, 1, 3])
    expect(ids('-start', 2)).toEqual([3, 2])
    expect(ids('-rate').at(-1)).toBe(1)
    expect(ids('rate').at(-1)).toBe(1)
  })
})

describe('names of hosts', () => {
  /** The packets of a capture as pcapng, after a Name Resolution Block. */
  function withNames(records: readonly number[][]): Uint8Array {
    const pcap = capture()
    const view = new DataView(pcap.buffer, pcap.byteOffset, pcap.byteLength)
    const ng = new Pcapng()
    const names = new Uint8Array(records.flatMap((record) => padded(record)))
    const blocks = [ng.section(), ng.nic(view.getUint32(20, true)), ng.block(4, names)]
    for (let at = 24; at < pcap.length;) {
      const length = view.getUint32(at + 8, true)
      blocks.push(ng.packet(BigInt(view.getUint32(at, true)), pcap.slice(at + 16, at + 16 + length)))
      at += 16 + length
    }
    return join(...blocks)
  }

  const padded = (record: number[]): number[] => [...record, ...Array<number>(-record.length & 3).fill(0)]
  const ascii = (text: string): number[] => [...new TextEncoder().encode(text)]
  const ipv4 = (address: string, name: string): number[] => {
    const value = [...address.split('.').map(Number), ...ascii(name), 0]
    return [1, 0, value.length, 0, ...value]
  }
  const END = [0, 0, 0, 0]

  it('are those of name records, and choose sessions', () => {
    const bytes = withNames([ipv4('10.0.0.2', 'bob-pc'), ipv4('203.0.113.20', 'ftp.example'), END])
    const { sessions } = analyzed(bytes)
    expect(sessions.map(({ client, server }) => [client.name, server.name])).toEqual([
      [undefined, 'ftp.example'],
      ['bob-pc', 'ftp.example'],
      [undefined, 'ftp.example'],
    ])
    expect(analyzed(bytes, { where: 'client = bob-*' }).sessions.map(({ id }) => id)).toEqual([2])
    expect(analyzed(bytes, { names: { '10.0.0.2': 'desk 7' } }).sessions[1]!.client.name).toBe('desk 7')
  })

  it('are not taken from a damaged record', () => {
    const damaged = [[1, 0, 200, 0, 10, 0, 0, 2], END]
    expect(analyzed(withNames(damaged)).sessions.map(({ client }) => client.name)).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})
