import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SessionReport } from '../../src/index.js'
import { toPcap } from '../support/pcap-writer.js'
import { cases, check } from './check.js'
import { analyzed } from './essence.js'
import { type Forgery, FORGERIES, forged, isAfterClose, MARKS } from './forgery.js'
import { SCENES } from './scenes.js'

const verdictOf = ({ verdict }: SessionReport) => `${verdict.outcome} ${verdict.cause ?? ''}`

describe.each(Object.entries(SCENES))('One forged packet in the %s scene', (_name, make) => {
  const scene = make()
  const { packets, start } = scene
  const verdicts = analyzed(scene.toPcap()).sessions.map(verdictOf)
  const anywhere = fc.record({
    index: fc.nat(packets.length - 1),
    forgery: fc.constantFrom(...(Object.keys(FORGERIES) as Forgery[])),
    fromPeer: fc.boolean(),
    mark: fc.constantFrom(...MARKS),
  })

  it('changes no verdict that is certain, for the hosts go on without it', () => {
    check(
      fc.property(anywhere, ({ index, forgery, fromPeer, mark }) => {
        // After its close, a SYN opens a new connection.
        fc.pre(forgery !== 'syn' || !isAfterClose(packets, index))
        // Nor has an identification anything to be unlike before its host has shown how it counts.
        fc.pre(mark !== 'identification' || index > 12)
        const changed = forged(packets, index, forgery, fromPeer, mark)
        fc.pre(changed !== null)
        const after = analyzed(toPcap(changed, { start }))
        const sure = after.sessions.filter(({ verdict }) => verdict.confidence === 'high')
        expect(after.sessions).toHaveLength(verdicts.length)
        for (const session of sure) expect(verdicts[after.sessions.indexOf(session)]).toBe(verdictOf(session))
      }),
      cases(25, 1000),
    )
  })
})
