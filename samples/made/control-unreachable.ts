import { atClient, windows } from '../../test/support/places.js'

const place = atClient(
  'A router on the way answers each SYN with ICMP 3/13, communication administratively prohibited: a firewall says so.',
  { clientLook: windows },
)
place.scene.syn(place.client, 52_228, place.server, 21, {
  attempts: 3,
  answer: { icmp: { type: 3, code: 13, from: '192.0.2.1', hopLimit: 252, quote: 28 } },
})

export default place.scene
