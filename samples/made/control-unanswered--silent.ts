import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'No answer to two SYNs is in the capture, yet the client acknowledges and sends commands: only its direction ' +
    'was captured.',
)
const session = openControl(place, { attempts: 2 })
login(session)
listing(session)
quit(session)
place.scene.drop((packet) => packet.source === place.server.address)

export default place.scene
