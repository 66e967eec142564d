import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The 226 is captured before the last segment and the FIN of the data: they cross on the way.')
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 5792))
data.server(4344)
reply(session, session.dialect.complete)
data.server(1448, { think: 1 }).close('server')
quit(session)

export default place.scene
