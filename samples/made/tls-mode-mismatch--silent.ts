import { ask, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { filezilla } from '../../test/support/server-dialects.js'
import { applicationData, clientFinished, clientHello, serverFlight } from '../../test/support/tls-records.js'

const place = atClient(
  'Explicit TLS as it should be on port 21: greeting, AUTH TLS, 234, and only then the ClientHello.',
)
const session = openControl(place, { dialect: filezilla })
const { control } = session
reply(session, session.dialect.greeting, { think: 3 })
ask(session, 'AUTH TLS', '234 Using authentication type TLS.')
control.client(clientHello())
control.server(serverFlight())
control.client(clientFinished())
for (const [fromClient, fromServer] of [
  [34, 62],
  [39, 54],
  [30, 66],
  [28, 42],
] as const) {
  control.client(applicationData(fromClient))
  control.server(applicationData(fromServer))
}
control.close('server')

export default place.scene
