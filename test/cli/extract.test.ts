import { Ajv } from 'ajv'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { ExtractReport } from '../../src/report/extract/contract.js'
import { ROOT, SAMPLES } from '../support/captures.js'
import {
  ask,
  dial,
  type FtpSession,
  ftpSession,
  listing,
  LISTING,
  login,
  pasv,
  quit,
  reply,
  retrieve,
  store,
} from '../support/ftp-scene.js'
import { FtpsScene } from '../support/ftps-scene.js'
import { toPcap } from '../support/pcap-writer.js'
import { Scene } from '../support/scene.js'
import { bytesOf } from '../support/tls-peers.js'
import { folderForEach } from './folder.js'
import { ftpscopeOn, type RealOptions } from './real.js'
import { Collector } from './support.js'

const FILE = bytesOf('a file', 100_000)
const at = folderForEach()

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const SERVER = '203.0.113.20'

/** A session of one client in clear text, from login to QUIT. */
function sessionOf(script: (session: FtpSession) => void, scene = new Scene(), address = '192.168.1.10'): Scene {
  const session = ftpSession(scene, scene.host(address), scene.host(SERVER))
  login(session)
  ask(session, 'PWD', '257 "/" is the current directory')
  ask(session, 'TYPE I', '200 ok')
  script(session)
  quit(session)
  return scene
}

function lossy(scene: Scene, isLost: (index: number) => boolean): Uint8Array {
  let data = -1
  const kept = scene.packets.filter(({ payload }) => !(payload.length > 1000 && isLost(++data)))
  return toPcap(kept, { start: scene.start })
}

/** Runs `extract` on a capture; the manifest is that of the directory. */
async function extracted(
  capture: Uint8Array,
  argv: readonly string[] = [],
  options?: RealOptions,
): Promise<{
  files: ExtractReport['files']
  report: ExtractReport
  out: string
  err: string
  read: (path: string) => Buffer
}> {
  writeFileSync(at('a.pcap'), capture)
  const { status, out, err } = await ftpscopeOn(['extract', at('a.pcap'), '-o', at('out'), ...argv], options)
  expect([status, err]).toEqual([0, ''])
  const report = JSON.parse(readFileSync(at('out/manifest.json'), 'utf8')) as ExtractReport
  return { files: report.files, report, out, err, read: (path) => readFileSync(at(`out/${path}`)) }
}

/** RETR with what REST says before it. */
function resumed(
  session: FtpSession,
  path: string,
  from: number,
  data: Uint8Array,
  total: number,
  port = 50_010,
): void {
  ask(session, `SIZE ${path}`, `213 ${total}`)
  pasv(session, port)
  ask(session, `REST ${from}`, '350 restarting')
  ask(session, `RETR ${path}`, '150 here')
  dial(session, port).server(data).close('server')
  reply(session, '226 done')
}

/** RETR that the server gives up. */
function broken(session: FtpSession, path: string, data: Uint8Array, total: number, port = 50_009): void {
  ask(session, `SIZE ${path}`, `213 ${total}`)
  pasv(session, port)
  ask(session, `RETR ${path}`, '150 here')
  dial(session, port).server(data).reset('server')
  reply(session, '426 broken')
}

describe('ftpscope extract', () => {
  it('writes downloads, uploads and listings with their digests and a manifest', async () => {
    const { files, read, report } = await extracted(
      sessionOf((session) => {
        listing(session, { port: 50_001 })
        retrieve(session, { data: FILE, path: 'pub/report.bin', port: 50_002 })
        store(session, { data: 'uploaded', path: 'up.txt', verb: 'PORT' })
      }).toPcap(),
    )
    expect(files.map(({ stored, completeness, content }) => [stored, completeness, content?.size])).toEqual([
      [`listings/${SERVER}/LIST.txt`, 'complete', LISTING.length],
      [`${SERVER}/pub/report.bin`, 'complete', FILE.length],
      [`${SERVER}/up.txt`, 'complete', 8],
    ])
    expect(read(`listings/${SERVER}/LIST.txt`).toString()).toBe(LISTING)
    expect(read(`${SERVER}/pub/report.bin`)).toEqual(Buffer.from(FILE))
    for (const [index, algorithm] of (['md5', 'sha1', 'sha256'] as const).entries()) {
      const bytes = read(files[index]!.stored!)
      expect(files[index]!.content![algorithm]).toBe(createHash(algorithm).update(bytes).digest('hex'))
    }
    expect(files[1]).toMatchObject({ because: ['reply 226', 'FIN', 'size 100000'], gaps: [], offset: 0 })
    expect(readdirSync(at('out')).sort()).toEqual([SERVER, 'listings', 'manifest.json'])
    const schema = JSON.parse(readFileSync(join(ROOT, 'src/report/extract-schema.json'), 'utf8')) as object
    const validate = new Ajv({ strict: false }).compile(schema)
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true)
    expect(validate({ ...report, files: [{}] })).toBe(false)
  })

  it.each(['PASV', 'EPSV', 'PORT', 'EPRT'] as const)('takes files of IPv6 and IPv4 by %s', async (verb) => {
    const scene = new Scene()
    const isOld = verb === 'PASV' || verb === 'PORT'
    const [client, server] = isOld ? ['192.0.2.1', SERVER] : ['2001:db8::1', '2001:db8::20']
    const session = ftpSession(scene, scene.host(client), scene.host(server))
    login(session)
    retrieve(session, { data: FILE, verb, path: '/a' })
    quit(session)
    const { files } = await extracted(scene.toPcap())
    expect(files).toMatchObject([
      { stored: isOld ? `${SERVER}/a` : '2001_db8__20/a', content: { sha256: sha256(FILE) } },
    ])
  })

  it('decrypts with a key log, in a file or in the capture, and says what it cannot decrypt', async () => {
    const scene = new FtpsScene()
    scene.ask('TYPE I', '200 ok').transfer('RETR /a', FILE).conversation.acknowledge('client')
    scene.transfer('STOR /b', FILE.subarray(0, 5000), { logged: false })
    scene.quit()
    writeFileSync(at('keys'), scene.keyLog)
    const { files } = await extracted(scene.scene.toPcap(), ['--keylog', at('keys')])
    expect(files).toMatchObject([
      { stored: `${SERVER}/a`, content: { sha256: sha256(FILE) }, completeness: 'complete' },
      { stored: null, content: null, completeness: 'unknown', because: ['under TLS and not decrypted'] },
    ])
    expect(files[0]!.because).toEqual(['reply 226', 'close_notify'])
    writeFileSync(at('b.pcapng'), scene.toPcapng(0))
    const { out } = await ftpscopeOn(['extract', at('b.pcapng'), '--hash-only', '--format', 'json'])
    expect((JSON.parse(out) as ExtractReport).files[0]!.content!.sha256).toBe(sha256(FILE))
  })

  it('keeps what is in clear text though the command is hidden by TLS', async () => {
    const scene = new FtpsScene({ protection: 'C' })
    const data = scene.passive()
    scene.ask('RETR /a', '150 here')
    data.server(FILE).close('server')
    scene.reply('226 done').quit()
    const { files } = await extracted(scene.scene.toPcap())
    expect(files).toMatchObject([
      { command: null, path: null, completeness: 'unknown', content: { sha256: sha256(FILE) } },
    ])
    expect(files[0]!.stored).toMatch(/^unknown\/203\.0\.113\.20\/connection-\d+$/)
  })

  it('fills gaps with zeros at the right offsets, and names them', async () => {
    const scene = sessionOf((session) => void retrieve(session, { data: FILE, path: '/a' }))
    const segments = scene.packets.filter(({ payload }) => payload.length > 1000).map(({ payload }) => payload.length)
    const lost = [0, 3, 4, segments.length - 1]
    const { files, read } = await extracted(lossy(scene, (index) => lost.includes(index)))
    const expected = Uint8Array.from(FILE)
    const gaps: { at: number; length: number }[] = []
    let offset = 0
    for (const [index, length] of segments.entries()) {
      if (lost.includes(index)) {
        expected.fill(0, offset, offset + length)
        if (index === 4) gaps.at(-1)!.length += length
        else gaps.push({ at: offset, length })
      }
      offset += length
    }
    expect(files).toMatchObject([{ completeness: 'partial', gaps, because: ['3 gaps'] }])
    expect(read(files[0]!.stored!)).toEqual(Buffer.from(expected))
    expect(files[0]!.content!.sha256).toBe(sha256(expected))
  })

  it('joins a file that was continued by REST, in the same session or in the next one', async () => {
    const same = sessionOf((session) => {
      broken(session, 'a', FILE.subarray(0, 40_000), FILE.length)
      resumed(session, 'a', 30_000, FILE.subarray(30_000), FILE.length)
    })
    const next = sessionOf((session) => {
      broken(session, 'a', FILE.subarray(0, 40_000), FILE.length)
    })
    sessionOf((session) => {
      resumed(session, 'a', 40_000, FILE.subarray(40_000), FILE.length)
    }, next)
    for (const scene of [same, next]) {
      writeFileSync(at('a.pcap'), scene.toPcap())
      const { out } = await ftpscopeOn(['extract', at('a.pcap'), '--hash-only', '--format', 'json'])
      const { files } = JSON.parse(out) as ExtractReport
      expect(files).toHaveLength(1)
      expect(files[0]).toMatchObject({ offset: 0, completeness: 'complete', content: { sha256: sha256(FILE) } })
      expect(files[0]!.parts!.map(({ size }) => size).reduce((a, b) => a + b)).toBe(FILE.length)
    }
  })

  it.each([
    ['the bytes differ where both have them', 30_000, FILE.subarray(0, 70_000), FILE.length],
    ['the size that the server states is another one', 40_000, FILE.subarray(40_000), FILE.length + 1],
    ['something is missing in between', 50_000, FILE.subarray(50_000), FILE.length],
  ])('does not join parts where %s', async (_, from, data, total) => {
    const scene = sessionOf((session) => {
      broken(session, 'a', FILE.subarray(0, 40_000), FILE.length)
      resumed(session, 'a', from, data, total)
    })
    const { files } = await extracted(scene.toPcap())
    expect(files.map(({ stored, offset }) => [stored, offset])).toEqual([
      [`${SERVER}/a`, 0],
      [`${SERVER}/a.from-${from}`, from],
    ])
  })

  it('does not join a download with what was stored there since', async () => {
    const scene = sessionOf((session) => {
      broken(session, 'a', FILE.subarray(0, 40_000), FILE.length)
      store(session, { data: FILE, path: 'a', port: 50_020 })
      resumed(session, 'a', 40_000, FILE.subarray(40_000), FILE.length)
    })
    const { files } = await extracted(scene.toPcap())
    expect(files.map(({ command, offset }) => [command, offset])).toEqual([
      ['RETR', 0],
      ['STOR', 0],
      ['RETR', 40_000],
    ])
  })

  it.each([
    ['after STOR of it', true, '', [`${SERVER}/log`]],
    ['by the size that was asked for', false, '213 40000', [`${SERVER}/log.from-40000`]],
    ['of unknown size', false, '', [`${SERVER}/log.appended`]],
  ])('places what is appended: %s', async (_, isStored, size, names) => {
    const scene = sessionOf((session) => {
      if (isStored) store(session, { data: FILE.subarray(0, 40_000), path: 'log', port: 50_021 })
      if (size !== '') ask(session, 'SIZE log', size)
      pasv(session, 50_022)
      ask(session, 'APPE log', '150 here')
      dial(session, 50_022).client(FILE.subarray(40_000)).close('client')
      reply(session, '226 done')
    })
    const { files } = await extracted(scene.toPcap())
    expect(files.map(({ stored }) => stored)).toEqual(names)
    if (isStored) expect(files[0]!.content!.sha256).toBe(sha256(FILE))
  })

  it('makes no giant file of a restart point', async () => {
    const scene = sessionOf((session) => {
      resumed(session, 'a', 999_999_999_999, FILE.subarray(0, 100), 1e12)
    })
    const { files, read } = await extracted(scene.toPcap())
    expect(files).toMatchObject([{ offset: 999_999_999_999, content: { size: 100 } }])
    expect(read(files[0]!.stored!)).toHaveLength(100)
  })

  it('converts text to local line ends only where that is asked for', async () => {
    const text = 'one\r\ntwo\r\r\nthree\rfour\r'
    const scene = sessionOf((session) => {
      ask(session, 'TYPE A', '200 ok')
      retrieve(session, { data: text, path: 'a.txt', port: 50_030 })
      ask(session, 'TYPE I', '200 ok')
      retrieve(session, { data: text, path: 'b.txt', port: 50_031 })
    })
    const { files, read } = await extracted(scene.toPcap(), ['--ascii-to', 'local'])
    expect(files.map(({ stored }) => read(stored!).toString())).toEqual(['one\ntwo\r\nthree\rfour\r', text])
    expect(files[0]).toMatchObject({ converted: ['line-ends'], asSent: { sha256: sha256(text) } })
    expect(files[1]).not.toHaveProperty('asSent')
  })

  it('inflates MODE Z, and stores as sent what it cannot', async () => {
    const deflated = deflateSync(FILE)
    const scene = sessionOf((session) => {
      ask(session, 'MODE Z', '200 ok')
      retrieve(session, { data: deflated, path: 'a', port: 50_040 })
      retrieve(session, { data: deflated.subarray(0, 5000), path: 'b', port: 50_041 })
      ask(session, 'MODE B', '200 ok')
      retrieve(session, { data: 'blocks', path: 'c', port: 50_042 })
    })
    const { files } = await extracted(scene.toPcap())
    expect(files.map(({ mode, content }) => [mode, content!.sha256])).toEqual([
      ['deflate', sha256(FILE)],
      ['deflate', sha256(deflated.subarray(0, 5000))],
      ['block', sha256('blocks')],
    ])
    expect(files[0]).toMatchObject({ converted: ['inflated'], asSent: { sha256: sha256(deflated) } })
    expect(files[1]!.because.join()).toContain('not inflated: the zlib stream has no end')
    expect(files[2]!.because.join()).toContain('MODE B is not decoded')
  })

  it('keeps hostile names inside the directory, and overwrites nothing', async () => {
    const names = ['../../../etc/passwd', '/a/../../b', 'A.txt', 'a.txt', 'nul', 'x\u001b[2J\u202e']
    const scene = sessionOf((session) => {
      for (const [index, path] of names.entries()) retrieve(session, { data: `${index}`, path, port: 50_050 + index })
    })
    mkdirSync(at(`out/${SERVER}`), { recursive: true })
    writeFileSync(at(`out/${SERVER}/b`), 'mine')
    writeFileSync(at('target'), 'mine, too')
    symlinkSync(at('target'), at(`out/${SERVER}/_nul`))
    const { files, read } = await extracted(scene.toPcap())
    const stored = files.map((file) => file.stored!)
    expect(stored).toEqual(
      ['etc/passwd', 'b~2', 'A.txt', 'a~2.txt', '_nul~2', 'x_[2J_'].map((name) => `${SERVER}/${name}`),
    )
    expect(stored.map((name) => read(name).toString())).toEqual(['0', '1', '2', '3', '4', '5'])
    expect(readFileSync(at(`out/${SERVER}/b`), 'utf8')).toBe('mine')
    expect(readFileSync(at('target'), 'utf8')).toBe('mine, too')
    expect(readdirSync(at('')).sort()).toEqual(['a.pcap', 'out', 'target'])
  })

  it('does not write through links to other directories', async () => {
    const scene = sessionOf((session) => {
      retrieve(session, { data: 'new', path: 'folder/a', port: 50_055 })
    })
    for (const folder of ['elsewhere', 'out']) mkdirSync(at(folder))
    symlinkSync(at('elsewhere'), at(`out/${SERVER}`))
    const { files, read } = await extracted(scene.toPcap())
    expect(read(files[0]!.stored!).toString()).toBe('new')
    expect(readdirSync(at('elsewhere'))).toEqual([])
  })

  it('stores no more than it may, and says so', async () => {
    const scene = sessionOf((session) => {
      retrieve(session, { data: FILE, path: 'a', port: 50_060 })
      retrieve(session, { data: FILE, path: 'b', port: 50_061 })
      retrieve(session, { data: FILE, path: 'c', port: 50_062 })
    })
    const { files, read } = await extracted(scene.toPcap(), ['--max-bytes', '60kB', '--max-total', '100kB'])
    expect(files.map(({ content, leftOut, completeness }) => [content!.size, leftOut, completeness])).toEqual([
      [60_000, 40_000, 'partial'],
      [40_000, 60_000, 'partial'],
      [0, 100_000, 'partial'],
    ])
    expect(read(`${SERVER}/b`)).toEqual(Buffer.from(FILE.subarray(0, 40_000)))
  })

  it('takes the files of the sessions that are chosen', async () => {
    const scene = sessionOf((session) => {
      retrieve(session, { data: 'one', path: 'a.csv', port: 50_070 })
      retrieve(session, { data: 'two', path: 'b.bin', port: 50_071 })
    })
    sessionOf((session) => void retrieve(session, { data: 'three', path: 'c.csv' }), scene, '192.168.1.99')
    writeFileSync(at('a.pcap'), scene.toPcap())
    const namesFor = async (...argv: string[]): Promise<(string | null)[]> => {
      const { out } = await ftpscopeOn(['extract', at('a.pcap'), '--hash-only', '--format', 'json', ...argv])
      return (JSON.parse(out) as ExtractReport).files.map(({ path }) => path)
    }
    expect(await namesFor()).toEqual(['a.csv', 'b.bin', 'c.csv'])
    expect(await namesFor('--session', '2')).toEqual(['c.csv'])
    expect(await namesFor('--where', 'client = 192.168.1.10')).toEqual(['a.csv', 'b.bin'])
    expect(await namesFor('--file', '*.csv')).toEqual(['a.csv', 'c.csv'])
    expect(await namesFor('--host', '192.168.1.99')).toEqual(['c.csv'])
  })

  it('writes what several places saw once, from where most of it was captured', async () => {
    const scene = sessionOf((session) => void retrieve(session, { data: FILE, path: 'a' }))
    writeFileSync(
      at('client.pcap'),
      lossy(scene, (index) => index === 2),
    )
    writeFileSync(at('server.pcap'), scene.toPcap())
    const { status } = await ftpscopeOn(['extract', at('client.pcap'), at('server.pcap'), '-o', at('out')])
    expect(status).toBe(0)
    const { files } = JSON.parse(readFileSync(at('out/manifest.json'), 'utf8')) as ExtractReport
    expect(files).toMatchObject([{ completeness: 'complete', gaps: [], content: { sha256: sha256(FILE) } }])
  })

  it.each([
    [['--session', '9'], /No session 9: the capture contains 1 session/],
    [['--format', 'csv'], /use text or json/],
    [['--hash-only'], /leave out -o/],
    [['nowhere.pcap'], null],
  ])('leaves no file behind when it fails: %j', async (argv, message) => {
    const capture = join(SAMPLES, 'lab/active-healthy.client.pcap')
    const input = message ? [capture] : []
    const { status, err } = await ftpscopeOn(['extract', ...input, '-o', at('out'), ...argv])
    expect(status).toBe(2)
    if (message) expect(err).toMatch(message)
    expect(readdirSync(at(''))).toEqual([])
  })

  it('writes nothing when it is interrupted, and not over an earlier extraction', async () => {
    const capture = join(SAMPLES, 'lab/active-healthy.client.pcap')
    const stopped = await ftpscopeOn(['extract', capture, '-o', at('out')], { interrupted: true })
    expect([stopped.status, stopped.err]).toEqual([2, 'ftpscope: Interrupted: nothing was extracted\n'])
    expect(existsSync(at('out'))).toBe(false)
    expect(await ftpscopeOn(['extract', capture, '-o', at('out')])).toMatchObject({ status: 0 })
    const before = readFileSync(at('out/manifest.json'), 'utf8')
    const again = await ftpscopeOn(['extract', capture, '-o', at('out')])
    expect(again).toMatchObject({ status: 2, out: '' })
    expect(again.err).toContain('contains manifest.json of an earlier extraction')
    expect(readFileSync(at('out/manifest.json'), 'utf8')).toBe(before)
  })

  it.each([80, 120, 160])('prints a table of %s columns', async (columns) => {
    const scene = sessionOf((session) => {
      listing(session, { port: 50_001 })
      retrieve(session, { data: FILE, path: 'a/long/path/to/some/directory/report-of-the-day.bin', port: 50_080 })
    })
    writeFileSync(
      at('a.pcap'),
      lossy(scene, (index) => index === 3),
    )
    const stdout = new Collector({ isTTY: true, columns })
    const { out } = await ftpscopeOn(['extract', at('a.pcap'), '-o', at('out'), '--no-color', '--quiet'], { stdout })
    const lines = out.split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns)
    expect(out).toContain('2 files (1 complete, 1 partial), 100 kB')
    expect(out).toMatch(/frame \d+: partial: 1 gap/)
  })
})
