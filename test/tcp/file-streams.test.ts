import { describe, expect, it } from 'vitest'
import { Analyzer } from '../../src/analyze.js'
import { login, quit } from '../support/ftp-scene.js'
import { toPcap } from '../support/pcap-writer.js'
import { atClient, openControl } from '../support/places.js'
import { clonePacket, type ScenePacket } from '../support/scene-packet.js'

const SESSIONS = 12
const START = Date.UTC(2024, 2, 1, 9)

/** Sessions that begin one after the other, and last until after the next ones have begun. */
function overlapping(): ScenePacket[] {
  const packets: ScenePacket[] = []
  for (let index = 0; index < SESSIONS; index++) {
    const { scene, client, server } = atClient('')
    const session = openControl({ scene, client, server }, { clientPort: 50_000 + index })
    login(session)
    quit(session)
    // Not the same interval for each, so that their packets mix in different ways.
    const later = index * 60e6 + (index % 5) * 7e6
    packets.push(...scene.packets.map((packet) => clonePacket(packet, { time: packet.time + later })))
  }
  return packets.sort((a, b) => a.time - b.time)
}

/** Number that each connection has in a file, in the order in which they appear there, by the client's port. */
function numbersIn(packets: readonly ScenePacket[]): Map<number, number> {
  const numbers = new Map<number, number>()
  for (const { tcp } of packets) {
    const port = Math.max(tcp!.sourcePort, tcp!.destinationPort)
    if (!numbers.has(port)) numbers.set(port, numbers.size)
  }
  return numbers
}

describe('The stream number of a session in its own file', () => {
  it.each([7, 20, 50, 1000])('counts the connections that appear in it, in files of %i packets', (size) => {
    const packets = overlapping()
    const analyzer = new Analyzer()
    const expected = new Map<string, Map<number, number>>()
    for (let from = 0; from < packets.length; from += size) {
      const part = packets.slice(from, from + size)
      const name = `part-${String(from).padStart(4, '0')}.pcap`
      expected.set(name, numbersIn(part))
      analyzer.openFile(name)
      analyzer.push(toPcap(part, { start: START }))
      analyzer.closeFile()
    }
    const { sessions } = analyzer.end()
    expect(sessions).toHaveLength(SESSIONS)
    for (const { client, origin, tcpStream } of sessions) {
      if (size >= packets.length) expect(origin).toBeUndefined()
      else expect(origin!.tcpStream).toBe(expected.get(origin!.file)!.get(client.port))
      expect(tcpStream).toBe(client.port - 50_000)
    }
  })

  it('counts a connection once whose ports are used again', () => {
    const { scene, client, server } = atClient('')
    const first = openControl({ scene, client, server }, { clientPort: 50_000 })
    login(first)
    const cut = scene.packets.length
    quit(first)
    scene.wait(120_000)
    for (const clientPort of [50_000, 50_001]) {
      const again = openControl({ scene, client, server }, { clientPort })
      login(again)
      quit(again)
    }
    const analyzer = new Analyzer()
    for (const [index, part] of [scene.packets.slice(0, cut), scene.packets.slice(cut)].entries()) {
      analyzer.openFile(`part-${index}.pcap`)
      analyzer.push(toPcap(part, { start: START }))
      analyzer.closeFile()
    }
    // In the second file: the end of the first connection, its ports again, and the last one.
    expect(analyzer.end().sessions.map(({ origin }) => origin!.tcpStream)).toEqual([0, 1, 2])
  })
})
