import { dial, list, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The 227 names 10.0.0.21; the client ignores that, dials the control address in its place, and the listing arrives.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005, '10.0.0.21')
list(session, dial(session, 50_005))
quit(session)

export default place.scene
