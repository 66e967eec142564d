import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'A receiver with a window of 2920 bytes behind a satellite line: one window per round trip of 620 ms, 4.6 kB/s.',
  { clientLook: { hopLimit: 50, distance: 310, window: 2920, windowScale: null } },
)
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 14_480))
for (let sent = 0; sent < 14_480; sent += 2896) data.server(2896)
data.close('server')
reply(session, session.dialect.complete)
quit(session)

export default place.scene
