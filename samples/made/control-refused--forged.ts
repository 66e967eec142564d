import { atClient } from '../../test/support/places.js'
import { Protocol } from '../../test/support/scene-packet.js'

const place = atClient(
  'The RST to the SYN has a TTL far from that of the server, which answered a ping a second before: a firewall ' +
    'refuses.',
)
const { scene, client, server } = place
const echo = Uint8Array.of(8, 0, 0xf7, 0xfe, 0, 1, 0, 0)
scene.packet(client, server, { protocol: Protocol.Icmp, payload: echo })
scene.reach(server, 20e6)
scene.packet(server, client, { protocol: Protocol.Icmp, payload: Uint8Array.of(0, 0, 0xff, 0xfe, 0, 1, 0, 0) })
scene.wait(1000)
scene.syn(client, 52_228, server, 21, { answer: { rst: { hopLimit: 254, identification: 0 } } })

export default place.scene
