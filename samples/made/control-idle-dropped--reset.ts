import { ask, command, dial, login, pasv } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'After a download of 15 minutes with a silent control connection, the next command meets a RST: something forgot it.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR feed.log', session.dialect.opening('feed.log', 1500))
for (let part = 0; part < 15; part++) {
  place.scene.wait(60_000)
  data.server(100)
}
data.close('server')
// The 226 never comes as far as the client, which goes on after 30 seconds.
place.scene.wait(30_000)
command(session, 'NOOP', { delivered: false })
session.control.reset('server', { hopLimit: 63, identification: 0 })

export default place.scene
