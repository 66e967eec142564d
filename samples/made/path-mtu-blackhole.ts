import { ask, dial, login, pasv } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'Three full-size segments of a download are sent, and the first of them again and again; only the small last ' +
    'one is noticed by the client, whose acknowledgment stays at 0 until it gives up after 25 s.',
)
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 4552))
data.server(4344, { delivered: false }).server(208)
for (const think of [230, 460, 920, 1840, 3680, 7360]) {
  data.retransmit('server', 1, { skip: 3, think, delivered: false })
}
place.scene.wait(10_000)
data.fin('client')
session.control.close('client')

export default place.scene
