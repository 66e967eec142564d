import { atClient, openControl } from '../../test/support/places.js'
import { greet, LOGIN, secure13, talk13 } from '../../test/diagnose/secured.js'

const place = atClient(
  'Without keys: under TLS 1.3 the 227 has 53 bytes, so that its address has 14 or 15 characters, as 192.168.100.200 ' +
    "has; the server's own, 203.0.113.20, has 12. No data connection follows, and the client gives up after 20 s.",
)
const session = openControl(place)
greet(session)
secure13(session)
talk13(session, ...LOGIN, [8, 31], [6, 53])
session.scene.wait(20_000)
talk13(session, [6, 14])
session.control.close('client')

export default place.scene
