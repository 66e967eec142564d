import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { inLan, openControl } from '../../test/support/places.js'

const place = inLan(
  'The neighbour 10.1.0.21 looks at port 22 of the client for another reason; the data comes from 10.1.0.20 itself.',
)
const session = openControl(place)
const neighbour = place.scene.host('10.1.0.21', { distance: 0.2 })
login(session)
place.scene.syn(neighbour, 50_990, place.client, 22, { answer: 'rst' })
listing(session, { verb: 'PORT' })
quit(session)

export default place.scene
