import { secure13, talk13, greet, LOGIN, PASV } from '../../test/diagnose/secured.js'
import { dial } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The upload of an empty file under TLS 1.3: the client opens the data connection and waits five minutes for the ' +
    'reply, but never starts TLS on it, since it has nothing to send.',
)
const session = openControl(place)
greet(session)
secure13(session)
talk13(session, ...LOGIN, PASV)
const data = dial(session, 50_005)
/** STOR with its 150. */
talk13(session, [14, 58])
place.scene.wait(300_000)
data.close('client')
session.control.close('client')

export default place.scene
