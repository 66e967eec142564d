import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('An upload of 2048 bytes, and the 226 comes 8 s later: a virus scanner looks at the file first.')
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'STOR report.bin', session.dialect.receiving('report.bin'))
data.client(2048).close('client')
reply(session, session.dialect.complete, { think: 8000 })
quit(session)

export default place.scene
