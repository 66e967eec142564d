import { certificate } from '../../test/support/certificates.js'
import { ask, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { alert } from '../../test/support/tls-records.js'
import { clientHello12, serverFlight12 } from '../../test/support/tls12-records.js'

const place = atClient(
  'The certificate of the server expired five days ago; the client says so in an alert, and both close.',
)
const session = openControl(place)
const { control } = session
reply(session, session.dialect.greeting, { think: 3 })
ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
control.client(clientHello12({ serverName: 'ftp.example.net' }))
control.server(serverFlight12({ chain: [certificate('expired'), certificate('issuing')] }))
control.client(alert(45)).close('client')

export default place.scene
