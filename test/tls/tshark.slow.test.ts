/** What is decrypted of a control connection is what tshark decrypts with the same key log. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Analyzer } from '../../src/index.js'
import type { ExchangeReport } from '../../src/report/contract.js'
import { ROOT } from '../support/captures.js'
import { hasTshark, tsharkFields } from '../support/tshark.js'

const pathOf = (name: string): string => join(ROOT, 'test/tls/captures', `${name}.pcapng`)

function exchangesOf(name: string): readonly ExchangeReport[] {
  const analyzer = new Analyzer({ showSecrets: true })
  analyzer.openFile(name)
  analyzer.push(readFileSync(pathOf(name)))
  analyzer.closeFile()
  return analyzer.end().sessions[0]!.exchanges
}

/** What it follows of TLS in the first stream, as lines of both directions; it takes part after `AUTH TLS` only. */
function followed(name: string, port: number): string[] {
  const options = ['-d', `tcp.port==${port},tls`, '-q', '-z', 'follow,tls,ascii,0']
  const output = execFileSync('tshark', ['-r', pathOf(name), ...options], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const lines = output.slice(output.indexOf('Node 1')).split(/\r?\n/).slice(1)
  return lines.filter((line) => line !== '' && !/^\t?\d+$|^=+$/.test(line))
}

describe.runIf(hasTshark)('tshark', () => {
  it.each(['lftp-tls12', 'lftp-tls13'])('reads the same commands and replies in the same frames: %s', (name) => {
    const theirs = tsharkFields(
      readFileSync(pathOf(name)),
      'ftp',
      'frame.number',
      'ftp.request.command',
      'ftp.response.code',
    )
    const ours = exchangesOf(name)
    const commands = ours.filter(({ command }) => command !== null)
    expect(commands.map(({ frame, command }) => [String(frame), command])).toEqual(
      theirs.filter(([, command]) => command).map(([frame, command]) => [frame, command]),
    )
    // It shows the code of a multi-line reply at its first line, too.
    const codes = ours.flatMap(({ replies }) => replies.map(({ frame, code }) => `${frame} ${code}`))
    const shown = new Set(theirs.filter(([, , code]) => code).map(([frame, , code]) => `${frame} ${code}`))
    expect(codes.filter((code) => !shown.has(code))).toEqual([])
  })

  it.each([
    ['curl-cbc', 21],
    ['curl-implicit', 990],
    ['curl-tls12', 21],
    ['curl-tls13', 21],
  ] as const)('decrypts the same lines: %s', (name, port) => {
    const ours = exchangesOf(name)
      .filter(({ encrypted }) => encrypted)
      .flatMap(({ command, argument, replies }) => [
        ...(command === null ? [] : [argument === null ? command : `${command} ${argument}`]),
        ...replies.map(({ code, text }) => `${code} ${text}`),
      ])
    expect(ours.length).toBeGreaterThan(15)
    expect(ours).toEqual(followed(name, port))
  })
})
