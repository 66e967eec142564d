import { lengthened } from '../../test/support/lengthened.js'
import { seenElsewhere } from '../../test/support/other-place.js'
import server from './announcement-rewritten-wrongly--at-server.js'

const change = lengthened(server.packets, {
  inside: '10.0.0.21',
  outside: '203.0.113.20',
  words: { inside: '203,0,113,20', outside: '10,0,0,21' },
  corrected: -3,
})

export default seenElsewhere(
  server,
  '198.51.100.7',
  'The same session at its client: an ALG has exchanged the two addresses in the 227, which was right before.',
  { away: -13.9, hops: -14, change },
)
