import { seenElsewhere } from '../../test/support/other-place.js'
import outer from './tcp-relayed.js'

export default seenElsewhere(outer, '192.168.1.10', 'The same connection at its server, without a proxy between.', {
  away: 9,
  hops: 7,
})
