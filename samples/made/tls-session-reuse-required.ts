import { ask, dial, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import {
  clientFinish12,
  clientHello12,
  closeNotify12,
  line12,
  serverFinish12,
  serverFlight12,
} from '../../test/support/tls12-records.js'

const place = atClient(
  'The client begins a new TLS session on the data connection; the server completes the handshake, closes ' +
    'without data and replies with 51 bytes: vsftpd, 522 SSL connection failed: session reuse required.',
)
const session = openControl(place)
const { control } = session
reply(session, session.dialect.greeting, { think: 3 })
ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
control.client(clientHello12())
control.server(serverFlight12())
control.client(clientFinish12())
control.server(serverFinish12())
/** USER, PASS, PBSZ, PROT and PASV with their replies, by their lengths. */
for (const [fromClient, fromServer] of [
  [12, 34],
  [17, 23],
  [8, 20],
  [8, 23],
  [6, 50],
] as const) {
  control.client(line12(fromClient))
  control.server(line12(fromServer))
}
const data = dial(session, 50_093)
control.client(line12(6))
control.server(line12(39))
data.client(clientHello12())
data.server(serverFlight12())
data.client(clientFinish12())
data.server(serverFinish12())
data.server(closeNotify12()).close('server')
control.server(line12(51))
control.close('client')

export default place.scene
