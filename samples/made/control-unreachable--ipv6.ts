import { atClientOverIpv6 } from '../../test/support/places.js'

const place = atClientOverIpv6('Over IPv6 a router answers the SYN with ICMPv6 1/0, no route to destination.')
const icmp = { type: 1, code: 0, from: '2001:db8:ff::1', hopLimit: 63 }
place.scene.syn(place.client, 52_228, place.server, 21, { answer: { icmp } })

export default place.scene
