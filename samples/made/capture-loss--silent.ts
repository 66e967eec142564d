import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'A segment of a download is lost on the way: duplicate acknowledgments ask for it, and its repetition fills the gap.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 13_032))
data.server(2896).lost('server', 1448, { think: 0.02, delivered: false }).server(8688, { think: 0.02 })
data.retransmit('server', 1, { skip: 6, think: 21 })
data.close('server')
reply(session, session.dialect.complete)
quit(session)

export default place.scene
