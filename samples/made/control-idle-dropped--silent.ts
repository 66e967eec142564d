import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'The same 20 minutes of download, but the client keeps the control connection alive and acknowledges the 226.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR feed.log', '150 Opening BINARY mode data connection for feed.log (2000 bytes).')
for (let part = 0; part < 20; part++) {
  place.scene.wait(60_000)
  session.control.keepAlive('client')
  data.server(100)
}
data.close('server')
reply(session, '226 Transfer complete.')
quit(session)

export default place.scene
