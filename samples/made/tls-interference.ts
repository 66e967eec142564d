import { ask, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { clientHello } from '../../test/support/tls-records.js'

const place = atClient(
  'Behind the ClientHello a RST in the name of the server arrives, with TTL 254 where its other packets have ' +
    '57: a box on the way does not let TLS pass.',
)
const session = openControl(place)
const { control } = session
reply(session, session.dialect.greeting, { think: 3 })
ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
control.client(clientHello(), { delivered: false })
control.reset('server', { hopLimit: 254, identification: 0, think: 2 })

export default place.scene
