import { login, quit, retrieve } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'Captured inside, at the server behind its NAT: the 227 still names 10.0.0.21, a router translates it later, ' +
    'the data comes.',
  { server: '10.0.0.21' },
)
const session = openControl(place)
login(session)
retrieve(session)
quit(session)

export default place.scene
