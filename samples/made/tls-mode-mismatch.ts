import { reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { clientHello } from '../../test/support/tls-records.js'

const place = atClient(
  'The client starts TLS at once on port 21, where the server greets in the clear and expects AUTH TLS.',
)
const session = openControl(place)
session.control.client(clientHello())
reply(session, session.dialect.greeting, { think: 3 })
session.control.reset('client')

export default place.scene
