import { ask, dial, login, pasv } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'In the middle of an upload the path fails: the client retransmits its data, and then also a NOOP on the control ' +
    'connection, and nothing comes back on either.',
)
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'STOR report.bin', session.dialect.receiving('report.bin'))
data.client(4344).unacknowledged('client', 1448, { attempts: 6 })
session.control.unacknowledged('client', 'NOOP\r\n', { attempts: 6 })
place.scene.wait(20_000)

export default place.scene
