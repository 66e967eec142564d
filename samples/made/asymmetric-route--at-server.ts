import { seenElsewhere } from '../../test/support/other-place.js'
import client from './asymmetric-route--at-client.js'

export default seenElsewhere(client, '192.168.1.10', 'The same at the server, seven routers away.', {
  away: 10,
  hops: 7,
  clock: { seconds: 3, ppm: 20 },
})
