import { ask, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'
import { applicationData, clientFinished, clientHello, serverFlight } from '../../test/support/tls-records.js'

const place = atClient('The TLS handshake is completed; the client logs in under it, says QUIT and closes.')
const session = openControl(place, { dialect: proftpd })
const { control } = session
reply(session, session.dialect.greeting, { think: 3 })
ask(session, 'AUTH TLS', '234 AUTH TLS successful')
control.client(clientHello())
control.server(serverFlight())
control.client(clientFinished())
for (const [fromClient, fromServer] of [
  [29, 50],
  [34, 44],
  [23, 31],
] as const) {
  control.client(applicationData(fromClient))
  control.server(applicationData(fromServer))
}
control.close('server')

export default place.scene
