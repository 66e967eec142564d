import { lengthened } from '../../test/support/lengthened.js'
import { seenElsewhere } from '../../test/support/other-place.js'
import server from './sequence-numbers-uncorrected--at-server.js'

const change = lengthened(server.packets, { inside: '10.0.0.21', outside: '203.0.113.20', corrected: 3 })

export default seenElsewhere(
  server,
  '198.51.100.7',
  'A session through an ALG that writes into the 227 the address that the server has outside.',
  { away: -13.9, hops: -14, change },
)
