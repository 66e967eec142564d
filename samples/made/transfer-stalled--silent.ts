import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('A download pauses for 20 s in its middle, as from a slow disk, and is then completed.')
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 8192))
data.server(4096)
place.scene.wait(20_000)
data.server(4096).close('server')
reply(session, session.dialect.complete)
quit(session)

export default place.scene
