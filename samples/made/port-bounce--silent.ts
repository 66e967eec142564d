import { listing, login, port, quit } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'PORT names an address that is not that of the peer, but a private one, with a high port: a client behind ' +
    'NAT, refused.',
)
const session = openControl(place)
login(session)
port(session, 52_230, { address: '192.168.1.10', reply: '500 Illegal PORT command.' })
listing(session)
quit(session)

export default place.scene
