import { ask, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'A host near the server connects to the announced port before the client does, and gets the file; the client ' +
    'finds the port closed.',
)
const thief = place.scene.host('203.0.113.131', { hopLimit: 64, distance: 0.1 })
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = place.scene.connect(thief, 54_240, place.server, 50_005)
place.scene.syn(place.client, session.nextPort++, place.server, 50_005, { answer: 'rst' })
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 2048))
data.server(2048).close('server')
reply(session, session.dialect.complete)
quit(session)

export default place.scene
