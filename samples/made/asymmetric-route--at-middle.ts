import { seenElsewhere } from '../../test/support/other-place.js'
import client from './asymmetric-route--at-client.js'

export default seenElsewhere(
  client,
  '192.168.1.10',
  'The same on a firewall that the packets of the server do not pass.',
  {
    away: 4,
    hops: 3,
    change: (packet) => (packet.source === '192.168.1.10' ? [packet] : []),
  },
)
