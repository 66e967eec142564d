import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'Three full-size segments of a download are lost by chance and sent again; the second repetition of each arrives.',
)
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 4552))
data.server(4344, { delivered: false }).server(208)
data.retransmit('server', 1, { skip: 3, think: 230, delivered: false })
for (const skip of [3, 2, 1]) data.retransmit('server', 1, { skip, think: 460 })
data.close('server')
reply(session, session.dialect.complete)
quit(session)

export default place.scene
