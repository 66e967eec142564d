import { ask, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { applicationData, clientFinished, clientHello, serverFlight } from '../../test/support/tls-records.js'

const place = atClient('FEAT goes before AUTH TLS, and the handshake follows the 234 at once, as it should.')
const session = openControl(place)
const { control } = session
reply(session, session.dialect.greeting, { think: 3 })
ask(session, 'FEAT', '211-Features:\r\n AUTH TLS\r\n EPSV\r\n PBSZ\r\n PROT\r\n211 End')
ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
control.client(clientHello())
control.server(serverFlight())
control.client(clientFinished())
for (const [fromClient, fromServer] of [
  [29, 51],
  [34, 40],
  [23, 31],
] as const) {
  control.client(applicationData(fromClient))
  control.server(applicationData(fromServer))
}
control.close('server')

export default place.scene
