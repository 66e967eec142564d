import { lengthened } from '../../test/support/lengthened.js'
import { seenElsewhere } from '../../test/support/other-place.js'
import server from './sequence-numbers-uncorrected--at-server.js'

const change = lengthened(server.packets, { inside: '10.0.0.21', outside: '203.0.113.20', corrected: 3 })

export default seenElsewhere(
  server,
  '198.51.100.7',
  'The same session at its client, through an ALG that corrects the sequence numbers after making the 227 longer.',
  { away: -13.9, hops: -14, change },
)
