import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atServer(
  'The ICMP 3/13 quotes the ident query to port 113 of the client; the active data connection works.',
)
const session = openControl(place, { dialect: proftpd })
const icmp = { type: 3, code: 13, from: '198.51.100.1', hopLimit: 51 }
place.scene.syn(place.server, 41_872, place.client, 113, { answer: { icmp } })
login(session)
listing(session, { verb: 'PORT' })
quit(session)

export default place.scene
