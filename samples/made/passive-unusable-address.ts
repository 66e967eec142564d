import { login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient(
  'The 227 names 0.0.0.0, as a server does that listens on all addresses and does not know its own; the client ' +
    'cannot dial that.',
)
const session = openControl(place, { dialect: proftpd })
login(session)
pasv(session, 50_005, '0.0.0.0')
place.scene.wait(200)
quit(session)

export default place.scene
