import { atClient, openControl } from '../../test/support/places.js'
import { greet, LOGIN, secure13, talk13 } from '../../test/diagnose/secured.js'

const place = atClient(
  "Without keys: under TLS 1.3 the 227 has 50 bytes, as one with the server's own address, 203.0.113.20, may have. " +
    'No data connection follows, and the client gives up after 20 s: nothing tells the address.',
)
const session = openControl(place)
greet(session)
secure13(session)
talk13(session, ...LOGIN, [8, 31], [6, 50])
session.scene.wait(20_000)
talk13(session, [6, 14])
session.control.close('client')

export default place.scene
