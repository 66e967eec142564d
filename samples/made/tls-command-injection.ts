import { reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'AUTH TLS, USER and PASS in one segment: the server agrees to TLS, finds text where the handshake should be, ' +
    'and resets.',
)
const session = openControl(place)
const { control } = session
reply(session, session.dialect.greeting, { think: 3 })
control.client('AUTH TLS\r\nUSER mallory\r\nPASS x\r\n')
reply(session, '234 Proceed with negotiation.')
reply(session, '500 OOPS: error:0A00010B:SSL routines::wrong version number')
control.reset('server')

export default place.scene
