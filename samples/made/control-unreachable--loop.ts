import { atClient } from '../../test/support/places.js'

const place = atClient(
  'The SYN comes back as ICMP 11/0, time exceeded, from a router on the way: the routes run in a circle.',
)
const icmp = { type: 11, code: 0, from: '192.0.2.33', hopLimit: 250, quote: 28 }
place.scene.syn(place.client, 52_228, place.server, 21, { attempts: 3, answer: { icmp } })

export default place.scene
