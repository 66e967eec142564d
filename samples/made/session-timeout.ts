import { ask, dial, login, pasv, reply, store } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient(
  'An upload every 2.5 minutes for ten minutes; then TimeoutSession ends the session during an upload: 421.',
)
const session = openControl(place, { dialect: proftpd })
login(session)
for (let number = 0; number < 4; number++) {
  store(session, { path: `page${number}.html`, port: 50_100 + number })
  place.scene.wait(149_000)
}
pasv(session, 50_200)
const data = dial(session, 50_200)
ask(session, 'STOR page4.html', proftpd.receiving('page4.html'))
data.client(900)
reply(session, '421 Session Timeout (600 seconds): closing control connection')
data.close('server')
session.control.close('server')

export default place.scene
