import { ask, dial, login, pasv } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'A download takes 20 minutes in which the control connection is silent; the 226 is repeated again and again, ' +
    'never acknowledged.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR feed.log', '150 Opening BINARY mode data connection for feed.log (2000 bytes).')
for (let part = 0; part < 20; part++) {
  place.scene.wait(60_000)
  data.server(100)
}
data.close('server')
session.control.unacknowledged('server', '226 Transfer complete.\r\n', { attempts: 9 })

export default place.scene
