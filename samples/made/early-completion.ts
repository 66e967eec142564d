import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The server says 226 after half of the file, and the other half comes 0.4 s later.')
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 5792))
data.server(2896)
reply(session, session.dialect.complete)
data.server(2896, { think: 400 }).close('server')
quit(session)

export default place.scene
