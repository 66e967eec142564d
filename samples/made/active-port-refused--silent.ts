import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atServer(
  'The RST of the client answers the ident query to its port 113; the active data connection works.',
)
const session = openControl(place, { dialect: proftpd })
place.scene.syn(place.server, 41_872, place.client, 113, { answer: 'rst' })
login(session)
listing(session, { verb: 'PORT' })
quit(session)

export default place.scene
