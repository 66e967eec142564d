import { reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { applicationData, clientFinished, clientHello, serverFlight } from '../../test/support/tls-records.js'

const place = atClient('Behind the 234, in its segment, somebody put two more replies in clear text.')
const session = openControl(place)
const { control } = session
reply(session, session.dialect.greeting, { think: 3 })
control.client('AUTH TLS\r\n')
reply(session, '234 Proceed with negotiation.\r\n331 Please specify the password.\r\n230 Login successful.')
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
