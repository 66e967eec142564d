import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'At the client: PORT names its private address, a helper in its router translates it, and the connection of ' +
    'the server arrives.',
)
const session = openControl(place)
login(session)
listing(session, { verb: 'PORT' })
quit(session)

export default place.scene
