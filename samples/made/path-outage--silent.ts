import { ask, dial, login, pasv } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'A NAT drops the state of the control connection during an upload of five minutes: the data connection ends with ' +
    "its FIN, and only the client's NOOP after it is retransmitted in vain.",
)
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'STOR report.bin', session.dialect.receiving('report.bin'))
for (let minute = 0; minute < 5; minute++) {
  data.client(1448)
  place.scene.wait(60_000)
}
data.close('client')
session.control.unacknowledged('client', 'NOOP\r\n', { attempts: 6 })
place.scene.wait(20_000)

export default place.scene
