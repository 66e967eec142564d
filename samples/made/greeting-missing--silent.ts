import { atClient, openControl } from '../../test/support/places.js'
import { filezilla } from '../../test/support/server-dialects.js'
import { applicationData, clientFinished, clientHello, serverFlight } from '../../test/support/tls-records.js'

const place = atClient(
  'No greeting on port 990, as it should be: the client speaks first with a ClientHello, and TLS goes on.',
)
const session = openControl(place, { serverPort: 990, dialect: filezilla })
const { control } = session
control.client(clientHello())
control.server(serverFlight())
control.client(clientFinished())
for (const [fromServer, fromClient] of [
  [130, 34],
  [62, 39],
  [54, 30],
  [66, 31],
] as const) {
  control.server(applicationData(fromServer))
  control.client(applicationData(fromClient))
}
control.server(applicationData(40))
control.close('client')

export default place.scene
