import { ask, dial, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { applicationData, clientFinished, clientHello, serverFlight } from '../../test/support/tls-records.js'

const place = atClient(
  'The same session with the passive range open: the data connection comes about, under TLS as well.',
)
const session = openControl(place)
const { control } = session
reply(session, session.dialect.greeting, { think: 3 })
ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
control.client(clientHello())
control.server(serverFlight())
control.client(clientFinished())
/** USER, PASS, PBSZ, PROT and EPSV with their replies, by their lengths under TLS 1.3. */
for (const [fromClient, fromServer] of [
  [29, 51],
  [34, 40],
  [25, 37],
  [25, 40],
  [23, 65],
] as const) {
  control.client(applicationData(fromClient))
  control.server(applicationData(fromServer))
}
const data = dial(session, 50_093)
control.client(applicationData(23))
control.server(applicationData(56))
data.client(clientHello())
data.server(serverFlight())
data.client(clientFinished())
data.server(applicationData(420)).close('server')
control.server(applicationData(41))
control.client(applicationData(23))
control.server(applicationData(31)).close('server')

export default place.scene
