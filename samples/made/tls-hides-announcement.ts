import { ask, dialInVain, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { applicationData, clientFinished, clientHello, serverFlight } from '../../test/support/tls-records.js'

const place = atClient(
  'Under TLS the client asks for a passive port and dials 50093; the SYNs stay unanswered for 15 s, since the ' +
    'firewall before the server cannot read the 229.',
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
dialInVain(session, 50_093, { attempts: 4 })
place.scene.wait(8000)
control.close('client')

export default place.scene
