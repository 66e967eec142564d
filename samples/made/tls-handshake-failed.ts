import { ask, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'
import { alert, clientHello } from '../../test/support/tls-records.js'

const place = atClient(
  'An old client offers TLS 1.0 behind AUTH TLS; the server answers with the alert protocol version and closes.',
)
const session = openControl(place, { dialect: proftpd })
const { control } = session
reply(session, session.dialect.greeting, { think: 3 })
ask(session, 'AUTH TLS', '234 AUTH TLS successful')
control.client(clientHello())
control.server(alert(70)).close('server')

export default place.scene
