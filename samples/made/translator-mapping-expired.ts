import { translated } from '../../test/paths/split.js'
import { isReply, seenElsewhere } from '../../test/support/other-place.js'
import server from './translator-mapping-expired--at-server.js'

export default seenElsewhere(
  server,
  '198.51.100.7',
  'The same session at its client, behind a NAT: the 226 never comes out of it.',
  {
    away: -13.9,
    hops: -14,
    change: (packet) => (isReply(packet, 226) ? [] : [translated(packet, '198.51.100.7', '192.168.1.10')]),
  },
)
