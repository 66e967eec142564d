import { ask, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { applicationData, clientFinished, clientHello, serverFlight } from '../../test/support/tls-records.js'

const place = atClient('AUTH TLS comes first: whatever user and password follow, nobody on the way can read them.')
const session = openControl(place)
const { control } = session
reply(session, session.dialect.greeting, { think: 3 })
ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
control.client(clientHello())
control.server(serverFlight())
control.client(clientFinished())
// As long as USER, PASS, PBSZ, PROT, PWD, QUIT and their replies under TLS 1.3.
for (const [fromClient, fromServer] of [
  [34, 56],
  [39, 45],
  [30, 41],
  [30, 46],
  [27, 56],
  [28, 36],
] as const) {
  control.client(applicationData(fromClient))
  control.server(applicationData(fromServer))
}
control.close('server')

export default place.scene
