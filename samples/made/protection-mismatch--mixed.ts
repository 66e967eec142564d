import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { clientHello } from '../../test/support/tls-records.js'

const place = atClient('The client starts TLS on the data connection, and the server sends the file in clear text.')
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR README', session.dialect.opening('README', 37))
data.client(clientHello())
data.server('Put reports into incoming. Ask Bob.\r\n').reset('client')
reply(session, '426 Failure writing network stream.')
quit(session)

export default place.scene
