import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient(
  'The RST answers the ident query that the server sends to port 113 of the client; the control connection ' +
    'itself opens and works.',
)
const session = openControl(place, { dialect: proftpd })
place.scene.syn(place.server, 41_872, place.client, 113, { answer: 'rst' })
login(session)
listing(session)
quit(session)

export default place.scene
