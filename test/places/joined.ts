/** The ordinary analysis of captures that were taken at several places. */
import { Analyzer } from '../../src/analyze.js'
import type { Analysis } from '../../src/report/contract.js'
import type { ScenePacket } from '../support/scene-packet.js'
import { captureAt, type SplitPlace } from '../paths/split.js'

/** Analyzes one file of each place, in the order given. */
export function analyzeFiles(files: Readonly<Record<string, Uint8Array>>): Analysis {
  const analyzer = new Analyzer({}, null, { places: Object.keys(files).map((name) => [name]) })
  for (const [name, bytes] of Object.entries(files)) {
    analyzer.openFile(name)
    analyzer.push(bytes)
    analyzer.closeFile()
  }
  return analyzer.end()
}

/** Analyzes what the places see of a scene. */
export function analyzePlaces(
  packets: readonly ScenePacket[],
  client: string,
  places: readonly SplitPlace[],
): Analysis {
  return analyzeFiles(Object.fromEntries(places.map((place) => [place.name, captureAt(packets, client, place).bytes])))
}
