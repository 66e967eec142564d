import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('SIZE and 150 say 40960 bytes and 10136 arrive, rightly: REST 30824 went before.')
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
ask(session, 'SIZE report.bin', '213 40960')
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'REST 30824', '350 Restart position accepted (30824).')
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 40_960))
data.server(10_136).close('server')
reply(session, session.dialect.complete)
quit(session)

export default place.scene
