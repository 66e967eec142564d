import { createHash, type Hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Analyzer } from '../../../src/analyze.js'
import type { WantContent } from '../../../src/correlate/content/data-content.js'
import { fileContent } from '../home.js'
import type { Scenario, Vantage } from '../scenario.js'

/** A file that a capture has whole: whether what was decrypted has the SHA-256 of that on the server. */
export interface ContentRow {
  readonly scenario: string
  readonly vantage: string
  readonly file: string
  readonly direction: 'download' | 'upload'
  readonly right: boolean
}

/** What both directions of a data connection carried; `null` where part of it is missing. */
interface Carried {
  readonly hashes: readonly [Hash, Hash]
  readonly bytes: [number, number]
  missing: boolean
}

/** Compares the files that a run transferred, according to the dialogue, with those that the lab made for it. */
export function compareContents(folder: string, vantage: Vantage): readonly ContentRow[] {
  const run = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Pick<
    Scenario,
    'name' | 'server' | 'client'
  >
  const carried = new Map<number, Carried>()
  const content: WantContent = (connection) => {
    const one: Carried = { hashes: [createHash('sha256'), createHash('sha256')], bytes: [0, 0], missing: false }
    carried.set(connection.tcpStream, one)
    return {
      content: (direction, bytes) => {
        one.hashes[direction].update(bytes)
        one.bytes[direction] += bytes.length
      },
      missing: () => {
        one.missing = true
      },
      end: () => undefined,
    }
  }
  const analyzer = new Analyzer({ keyLog: readFileSync(join(folder, 'keys.log')), content })
  analyzer.openFile(vantage)
  analyzer.push(readFileSync(join(folder, `${vantage}.pcap`)))
  analyzer.closeFile()
  const channels = analyzer.end().sessions.flatMap(({ dataChannels }) => dataChannels)
  return channels.flatMap(({ connection, transfer }) => {
    const direction = transfer?.direction
    if (!connection || !transfer?.path || transfer.outcome !== 'completed' || transfer.restartAt > 0) return []
    if (transfer.representation !== 'image' || (direction !== 'download' && direction !== 'upload')) return []
    const file = basename(transfer.path)
    const made = fileContent(run, file)
    const seen = carried.get(connection.tcpStream)
    if (!made || !seen || seen.missing) return []
    const hash = seen.hashes[seen.bytes[0] > 0 ? 0 : 1].digest('hex')
    const right = hash === createHash('sha256').update(made).digest('hex')
    return [{ scenario: run.name, vantage, file, direction, right }]
  })
}
