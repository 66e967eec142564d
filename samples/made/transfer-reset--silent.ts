import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl, windows } from '../../test/support/places.js'

const place = atClient(
  'The client closes the data connection by RST, but only when it has every byte and the FIN of the server: ' +
    '226 follows.',
  {
    clientLook: windows,
  },
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 10_136))
data.server(10_136).fin('server').reset('client')
reply(session, session.dialect.complete)
quit(session)

export default place.scene
