import { ask, list, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'On a server behind a NAT: it announces its outside address, as it must, and the data connection reaches its ' +
    'inside address.',
  { server: '10.0.0.21' },
)
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005, '203.0.113.20')
const data = place.scene.connect(place.client, session.nextPort++, place.server, 50_005)
list(session, data)
quit(session)

export default place.scene
