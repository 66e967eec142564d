import { isReply, seenElsewhere } from '../../test/support/other-place.js'
import server from './translator-mapping-expired--at-server.js'

export default seenElsewhere(
  server,
  '198.51.100.7',
  'The same session at its client, which has a public address: a device drops the 226, but no translator.',
  { away: -13.9, hops: -14, change: (packet) => (isReply(packet, 226) ? [] : [packet]) },
)
