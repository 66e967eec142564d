import { ask, dial, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'At the server: a download of 15 minutes, in which the control connection is silent; the 226 is repeated again and ' +
    'again, never acknowledged. The user tries again.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR feed.log', '150 Opening BINARY mode data connection for feed.log (1500 bytes).')
for (let part = 0; part < 15; part++) {
  place.scene.wait(60_000)
  data.server(100)
}
data.close('server')
session.control.unacknowledged('server', '226 Transfer complete.\r\n', { attempts: 6 })
place.scene.wait(30_000)
const again = openControl(place, { clientPort: 52_900 })
login(again)
quit(again)

export default place.scene
