import { secure13, talk13, greet, LOGIN, PASV } from '../../test/diagnose/secured.js'
import { dial } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { applicationData, clientFinished, clientHello, joined, serverFlight } from '../../test/support/tls-records.js'

const place = atClient(
  'The upload of an empty file under TLS 1.3 that works: handshake and close_notify on the data connection, no data. ' +
    'Before it, the server refuses a file, and the client closes the data connection that it had opened for it.',
)
const session = openControl(place)
greet(session)
secure13(session)
talk13(session, ...LOGIN, PASV)
const refused = dial(session, 50_005)
/** RETR with its 550. */
talk13(session, [14, 26])
refused.close('client')
talk13(session, PASV)
const data = dial(session, 50_006)
talk13(session, [14, 58])
data.client(clientHello()).server(serverFlight()).client(clientFinished())
data.server(joined(applicationData(250), applicationData(250)))
data.client(applicationData(19)).close('client')
session.control.server(applicationData(41))
session.control.close('client')

export default place.scene
