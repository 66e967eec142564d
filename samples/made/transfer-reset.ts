import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'In the middle of a download the server resets the data connection, with its own TTL, and then replies 426.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 40_960))
data.server(10_136).reset('server', { window: 502 })
reply(session, '426 Failure writing network stream.')
quit(session)

export default place.scene
