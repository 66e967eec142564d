import { seenElsewhere } from '../../test/support/other-place.js'
import { clonePacket, Flag, type ScenePacket } from '../../test/support/scene-packet.js'
import outer from './tcp-relayed.js'

const CLIENT = '192.168.1.10'
const PROXY = '203.0.113.20'
const SERVER = '10.9.9.9'

/** The proxy's own connection: other ports, sequence numbers and options, and the same dialogue. */
function relayed(packet: ScenePacket): ScenePacket[] {
  const isFrom = packet.source === CLIENT
  const tcp = { ...packet.tcp!, sequence: (packet.tcp!.sequence + 0x3779b9) >>> 0 }
  if (tcp.flags & Flag.Ack) tcp.acknowledgment = (tcp.acknowledgment + 0x3779b9) >>> 0
  if (isFrom) tcp.sourcePort += 333
  else tcp.destinationPort += 333
  const { maximumSegmentSize } = tcp.options
  tcp.options = maximumSegmentSize === undefined ? {} : { maximumSegmentSize }
  const identification = (packet.identification * 31 + 5) & 0xffff
  const [source, destination] = isFrom ? [PROXY, SERVER] : [SERVER, PROXY]
  return [clonePacket(packet, { source, destination, tcp, identification })]
}

export default seenElsewhere(
  outer,
  CLIENT,
  'Behind that proxy: its connection to the server, with the same dialogue.',
  {
    away: 1,
    hops: 0,
    change: relayed,
  },
)
