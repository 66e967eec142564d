import { ask, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { applicationData, clientFinished, clientHello, serverFlight } from '../../test/support/tls-records.js'

const place = atClient('A session under TLS that the server ends by a RST with its own TTL, as some do after QUIT.')
const session = openControl(place)
const { control } = session
reply(session, session.dialect.greeting, { think: 3 })
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
control.reset('server')

export default place.scene
