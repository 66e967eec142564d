import { ask, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'On a server behind a NAT, which announces the public address as it is configured to. No data connection comes.',
  { server: '10.0.0.21' },
)
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005, '203.0.113.20')
place.scene.wait(60_000)
session.control.client('LIST\r\n')
reply(session, '425 Failed to establish connection.')
quit(session)

export default place.scene
