import { certificate } from '../../test/support/certificates.js'
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

const place = atClient('The certificate of the server is self-signed, and the client knows it: the session works.')
const session = openControl(place)
const { control } = session
reply(session, session.dialect.greeting, { think: 3 })
ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
control.client(clientHello12({ serverName: 'ftp.example.net' }))
control.server(serverFlight12({ chain: [certificate('self-signed')] }))
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
data.client(clientHello12({ resumes: true }))
data.server(serverFlight12({ resumed: true }))
data.client(clientFinish12({ resumed: true }))
data.server(line12(320))
data.server(closeNotify12()).close('server')
control.server(line12(24))
control.client(line12(6))
control.server(line12(14))
control.client(closeNotify12()).close('client')

export default place.scene
