import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SessionReport } from '../../src/index.js'
import { Random } from '../fuzz/random.js'
import { sampleCaptures } from '../support/captures.js'
import { toPcap } from '../support/pcap-writer.js'
import { readScene } from '../support/scene-reader.js'
import { analyzed } from './essence.js'
import { type Forgery, FORGERIES, forged, isAfterClose, type Mark, MARKS } from './forgery.js'

/** Forged packets that are tried on each sample. */
const TRIES = 6
const LARGEST = 40_000
/** So many packets show how a host counts its identifications. */
const SHOWN = 12

const verdictOf = ({ verdict }: SessionReport) => `${verdict.outcome} ${verdict.cause ?? ''}`
const keyOf = ({ client, start }: SessionReport) => `${client.address} ${client.port} ${start}`

describe('One forged packet in a sample', () => {
  it('changes no verdict that is certain where the hosts go on after it', () => {
    const random = new Random(959)
    const names = Object.keys(FORGERIES) as Forgery[]
    const changed: string[] = []
    let tried = 0
    for (const path of sampleCaptures()) {
      const bytes = new Uint8Array(readFileSync(path))
      const scene = bytes[0] === 0xd4 && bytes.length <= LARGEST ? readScene(bytes) : null
      if (!scene) continue
      const { packets, start } = scene
      const before = new Map(analyzed(toPcap(packets, { start })).sessions.map((session) => [keyOf(session), session]))
      for (let i = 0; i < TRIES; i++) {
        const index = random.below(packets.length)
        const forgery = names[random.below(names.length)]!
        const mark: Mark = MARKS[random.below(MARKS.length)]!
        if (forgery === 'syn' && isAfterClose(packets, index)) continue
        if (mark === 'identification' && index <= SHOWN) continue
        const all = forged(packets, index, forgery, random.below(2) === 1, mark)
        if (!all) continue
        tried++
        for (const session of analyzed(toPcap(all, { start })).sessions) {
          const was = before.get(keyOf(session))
          if (session.verdict.confidence !== 'high' || (was && verdictOf(was) === verdictOf(session))) continue
          // That a capture ends inside is certain, and says nothing of the session.
          if (session.verdict.outcome === 'undetermined') continue
          const from = was ? verdictOf(was) : 'no session'
          changed.push(`${basename(path)}: ${forgery}, ${mark}, after ${index}: ${from}, now ${verdictOf(session)}`)
        }
      }
    }
    expect(tried).toBeGreaterThan(500)
    expect(changed).toEqual([])
  })
})
