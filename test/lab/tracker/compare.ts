import type { Session } from '../../../src/correlate/model.js'
import { nfConntrackFtp } from '../../../src/diagnose/alg/nf-conntrack-ftp.js'
import { predict } from '../../../src/diagnose/alg/alg.js'
import { wireAnnouncement } from '../../../src/diagnose/alg/wire-announcement.js'
import { SessionFacts } from '../../../src/diagnose/facts/session-facts.js'
import { parseAddress } from '../../../src/wire/address.js'
import { follow } from '../../correlate/follow.js'
import type { Expectation } from './expectations.js'
import { ADDRESSES, clientPort, type Variant, variantPort, VARIANTS } from './variants.js'

/** What the kernel did with a variant, and what was foretold from the capture of the side that said it. */
export interface Deed {
  readonly name: string
  readonly did: string
  readonly predicted: string
  readonly why: string
}

export function compare(
  received: Readonly<Record<number, string>>,
  expectations: readonly Expectation[],
  captures: { readonly client: Uint8Array; readonly server: Uint8Array },
): Deed[] {
  const byPort = {
    client: sessionsByPort(captures.client),
    server: sessionsByPort(captures.server),
  }
  return VARIANTS.map((variant, index) => {
    const port = clientPort(index)
    const session = byPort[variant.by].get(port)
    if (!session) throw new Error(`No session of "${variant.name}" was captured`)
    const delivered = received[index] === variant.segments.join('')
    const expectation = expectations.find(({ masterPort }) => masterPort === port)
    const own = variantPort(index)
    return { name: variant.name, did: didOf(variant, session, delivered, expectation, own), ...foretold(session) }
  })
}

function sessionsByPort(capture: Uint8Array): Map<number, Session> {
  return new Map(follow(capture).sessions.map((session) => [session.control.initiator.port, session]))
}

/** An expectation of anything but the announced endpoint lets nothing through that the two hosts want. */
function didOf(
  { by, family }: Variant,
  session: Session,
  delivered: boolean,
  expectation: Expectation | undefined,
  ownPort: number,
): string {
  if (!delivered) return 'dropped'
  if (!expectation) return 'missed'
  const own = parseAddress(ADDRESSES[family][by])!
  const same = String(parseAddress(expectation.address)) === String(own)
  // Where the analyzer takes no port from the words, that of the variant may stand in them all the same.
  const announced = session.dialogue.announcements[0]?.port ?? ownPort
  return same && expectation.port === announced ? 'recognized' : 'missed'
}

function foretold(session: Session): { predicted: string; why: string } {
  const announcement = session.dialogue.announcements[0]
  const onWire = announcement ? wireAnnouncement(new SessionFacts(session), announcement) : null
  if (!onWire) return { predicted: 'missed', why: 'no announcement' }
  const { treatment, why } = predict(nfConntrackFtp, onWire)
  return { predicted: treatment, why }
}
