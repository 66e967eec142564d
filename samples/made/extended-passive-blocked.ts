import { dialInVain, epsv, listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The SYNs to the port of the 229 stay unanswered; the client falls back to PASV, and the port of the 227 ' +
    'works at once.',
)
const session = openControl(place)
login(session)
epsv(session, 50_004)
dialInVain(session, 50_004)
place.scene.wait(2000)
listing(session, { port: 50_005 })
quit(session)

export default place.scene
