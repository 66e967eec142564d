import { hear, script, type Speech } from '../../ftp/talk.js'
import { BytesReader } from './bytes-reader.js'
import { SCRIPTS } from './scripts.js'
import { must, type FuzzTarget } from './target.js'

type Part = Speech | { gap: Speech['from']; length: number }

/**
 * Both directions of a control connection in parts: a byte that says whose it is and whether it is lost, its length,
 * its bytes. The same bytes in other pieces give the same dialogue.
 */
export const ftp: FuzzTarget = {
  steps: { perByte: 1500, perInput: 40_000 },
  seeds: () => SCRIPTS.map((text) => written(script(text))),
  run(input) {
    const implicitTls = input[0] === 0x63
    const parts = read(input)
    const { dialogue, announced, kind, anomalies } = hear(parts, { frame: () => 1, implicitTls })
    const cut = parts.flatMap((part, index): Part[] => ('gap' in part ? [part] : pieces(part, 1 + (index % 5))))
    const again = hear(cut, { frame: () => 1, implicitTls })
    must(
      JSON.stringify([dialogue, announced, kind]) === JSON.stringify([again.dialogue, again.announced, again.kind]),
      'the same bytes in other pieces give another dialogue',
    )
    for (const { port, cutPorts } of announced)
      must(port === null ? cutPorts !== null : port >= 1 && port <= 65_535, `port ${port ?? 'none'}`)
    const { exchanges, transfers, security, login, otherProtocol } = dialogue
    for (const { code } of exchanges.flatMap(({ replies }) => replies))
      must(code >= 100 && code < 700, `reply code ${code}`)
    return [
      ...anomalies.list().map((anomaly) => anomaly.kind),
      ...exchanges.map(
        ({ command, replies }) => `${(command ?? '-').slice(0, 4)} ${Math.floor((replies[0]?.code ?? 0) / 100)}`,
      ),
      ...announced.map(
        ({ verb, malformed, notes }) => `${verb} ${malformed?.replace(/\d+/g, '') ?? ''} ${notes.join(' ')}`,
      ),
      ...transfers.map(({ command, mode, announcement }) => `${command} ${mode} ${announcement?.verb ?? ''}`),
      `${security} ${login} ${kind} ${otherProtocol?.name ?? ''}`,
    ]
  },
}

const FROM_SERVER = 1
const LOST = 2

function read(input: Uint8Array): Part[] {
  const reader = new BytesReader(input)
  const parts: Part[] = []
  while (!reader.done) {
    const head = reader.u8()
    const length = reader.u8()
    const from = head & FROM_SERVER ? 'server' : 'client'
    // A lost part has no bytes: the next one begins behind its length.
    if ((head & 0x3f) === (LOST | (head & FROM_SERVER))) parts.push({ gap: from, length: 1 + length })
    else {
      const bytes = reader.take(length)
      if (bytes.length > 0) parts.push({ from, bytes })
    }
  }
  return parts
}

function written(speeches: readonly Speech[]): Uint8Array {
  return Uint8Array.from(
    speeches.flatMap(({ from, bytes }) => [from === 'server' ? FROM_SERVER : 0, bytes.length, ...bytes]),
  )
}

function pieces({ from, bytes }: Speech, size: number): Speech[] {
  const cut: Speech[] = []
  for (let at = 0; at < bytes.length; at += size) cut.push({ from, bytes: bytes.subarray(at, at + size) })
  return cut
}
