import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'Three segments of a download are acknowledged but not in the file: the capture missed them, the network did not.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 13_032))
data.server(4344).lost('server', 4344, { think: 0.02 }).server(4344, { think: 0.02 }).close('server')
reply(session, session.dialect.complete)
quit(session)

export default place.scene
