import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { between, openControl } from '../../test/support/places.js'

const place = between(
  'On an asymmetric path: only what the server sends passes the capture point, its replies and its data.',
)
const session = openControl(place)
login(session)
listing(session)
quit(session)
place.scene.drop((packet) => packet.source === place.client.address)

export default place.scene
