/** Commands and replies under TLS held to Wireshark's, with the same key logs. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { keysOf, ROOT, sampleCaptures } from '../support/captures.js'
import { analyzeFile } from '../support/analyze-file.js'
import { hasSharkd, wiresharkFrames } from '../support/wireshark.js'
import { disagreements } from './compare.js'
import { type Found, knownFor, listOf } from './disagreement-list.js'
import { marked } from './document.js'
import { ourReading, wiresharkReading } from './readings.js'

const DOCUMENT = join(ROOT, 'docs/COMPARISON.md')
const writing = process.env['FTPSCOPE_GOLDEN'] === 'write'

const keyed = sampleCaptures().flatMap((path) => {
  const keyLog = keysOf(path)
  return keyLog === null ? [] : [{ path, name: basename(path), keyLog }]
})
/** Wireshark follows FTP into TLS only after the exact text `AUTH TLS`; otherwise it shows lines as bytes of TLS. */
const isFollowed = (path: string): boolean => readFileSync(path).includes('AUTH TLS\r\n')
const followed = keyed.filter(({ path }) => isFollowed(path))
const others = keyed.filter(({ path }) => !isFollowed(path))

describe.skipIf(!hasSharkd)('Wireshark with the same key logs', () => {
  const allKeys = keyed.map(({ keyLog }) => Buffer.from(keyLog).toString('latin1')).join('')
  const frames = hasSharkd
    ? wiresharkFrames(
        followed.map(({ path }) => path),
        allKeys,
      )
    : []
  const found: Found[] = followed.flatMap(({ path, name, keyLog }, index) => {
    const streamOf = (frame: number) => Number(frames[index]![frame - 1]!.stream)
    const all = disagreements(ourReading(path, { keyLog }), wiresharkReading(frames[index]!), streamOf)
    return all
      .filter(({ aspect }) => aspect === 'command' || aspect === 'reply')
      .map((one) => ({ ...one, capture: name }))
  })

  it('decrypts captures of both kinds', () => {
    expect(followed.length).toBeGreaterThan(3)
    expect(others.length).toBeGreaterThan(3)
  })

  it('shows commands under TLS', () => {
    const commands = frames.map((list) => wiresharkReading(list).commands.size)
    expect(Math.max(...commands)).toBeGreaterThan(10)
  })

  it('differs in commands and replies only where it is known why', () => {
    expect(found.filter((one) => knownFor(one) === undefined)).toEqual([])
  })

  it('differs exactly where docs/COMPARISON.md says', () => {
    const markdown = readFileSync(DOCUMENT, 'utf8')
    const list = listOf(found)
    if (writing) {
      writeFileSync(
        DOCUMENT,
        markdown.replace(marked('decrypted'), () => list),
      )
    } else expect(marked('decrypted').exec(markdown)?.[0]).toBe(list)
  })

  it.each(others)('has the same lines, each in its direction: $name', ({ path, keyLog }) => {
    const { sessions } = analyzeFile(path, { keyLog, showSecrets: true })
    const exchanges = sessions[0]!.exchanges.filter(({ encrypted }) => encrypted)
    const commands = exchanges.flatMap(({ command, argument }) =>
      command === null ? [] : [argument === null ? command : `${command} ${argument}`],
    )
    const replies = exchanges.flatMap((each) => each.replies)
    const lines = linesUnderTls(path)
    expect(lines.client).toEqual(commands)
    // vsftpd reports its own failure in clear text, which is no part of what was under TLS.
    const underTls = replies.filter(({ text }) => !text.startsWith('OOPS'))
    expect(lines.server).toEqual(underTls.flatMap(({ code, text }) => replyLines(code, text)))
  })
})

/** The lines of both directions of the first stream, as tshark decrypts them. */
function linesUnderTls(path: string): Record<'client' | 'server', string[]> {
  const port = sessionPort(path)
  const options = ['-o', `tls.keylog_file:${path.replace(/pcap$/, 'keys')}`, '-d', `tcp.port==${port},tls`]
  const output = execFileSync('tshark', ['-r', path, ...options, '-q', '-z', 'follow,tls,raw,0'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const lines = { client: '', server: '' }
  // What the other end sent than the one that is named first is indented.
  const serverFirst = new RegExp(`Node 0: \\S+:${port}\\n`).test(output)
  const [flush, indented] = serverFirst ? (['server', 'client'] as const) : (['client', 'server'] as const)
  for (const [, indent, hex] of output.matchAll(/^(\t?)((?:[0-9a-f]{2})+)$/gm))
    lines[indent === '' ? flush : indented] += Buffer.from(hex!, 'hex').toString('latin1')
  const split = (text: string): string[] => text.split('\r\n').filter((line) => line !== '')
  return { client: split(lines.client), server: split(lines.server) }
}

const sessionPort = (path: string): number => analyzeFile(path).sessions[0]!.server.port

/** A reply of several lines has the code before its first line and its last (RFC 959 §4.2). */
function replyLines(code: number, text: string): string[] {
  const lines = text.split('\n')
  const last = lines.length - 1
  if (last === 0) return [`${code} ${text}`]
  return lines.map((line, at) => (at === 0 ? `${code}-${line}` : at === last ? `${code} ${line}` : line))
}
