import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'
import { Flag } from '../../test/support/scene-packet.js'

const place = atServer(
  'The ACK of the handshake was lost once: the SYN,ACK is repeated after a second, then the session works.',
)
const session = openControl(place)
const { control } = session
control.synchronize('server', 1.028e9)
control.acknowledge('client', { think: 0.1 })
login(session)
listing(session)
quit(session)
// The first ACK of the client never came as far as the capture.
const lost = place.scene.packets.findIndex(
  (packet) => packet.source === place.client.address && packet.tcp?.flags === Flag.Ack,
)
place.scene.drop((_, index) => index === lost)

export default place.scene
