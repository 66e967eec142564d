import { ask, dial, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import {
  clientFinish12,
  clientHello12,
  line12,
  serverFinish12,
  serverFlight12,
} from '../../test/support/tls12-records.js'
import { alert } from '../../test/support/tls-records.js'

const place = atClient(
  'A TLS 1.2 upload ends by a FIN without close_notify, and the server calls it a failure. CCC made the ' +
    'control connection readable again.',
)
const session = openControl(place)
const { control } = session
reply(session, session.dialect.greeting, { think: 3 })
ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
control.client(clientHello12())
control.server(serverFlight12())
control.client(clientFinish12())
control.server(serverFinish12())
/** USER, PASS, PBSZ, PROT and CCC with their replies, by their lengths. */
for (const [fromClient, fromServer] of [
  [12, 34],
  [17, 23],
  [8, 20],
  [8, 23],
  [5, 31],
] as const) {
  control.client(line12(fromClient))
  control.server(line12(fromServer))
}
control.client(alert(0)).server(alert(0))
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_093)
const data = dial(session, 50_093)
ask(session, 'STOR report.bin', session.dialect.receiving('report.bin'))
data.client(clientHello12({ resumes: true }))
data.server(serverFlight12({ resumed: true }))
data.client(clientFinish12({ resumed: true }))
data.client(line12(2048)).close('client')
reply(session, '426 Failure reading network stream.')
quit(session)

export default place.scene
