import { command, listing, login, quit } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'A load balancer sends a PROXY protocol header to a server that knows it: no reply, and the session works.',
)
const session = openControl(place)
command(session, 'PROXY TCP4 198.51.100.7 203.0.113.20 52228 21')
login(session)
listing(session)
quit(session)

export default place.scene
