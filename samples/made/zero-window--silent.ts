import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The client shuts its window for 0.15 s in the middle of a download, as a busy program does.')
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 8688))
data.server(4344)
data.acknowledge('client', { window: 0, think: 5 })
place.scene.wait(150)
data.acknowledge('client', { window: 64_240 })
data.server(2896)
data.server(1448).close('server')
reply(session, session.dialect.complete)
quit(session)

export default place.scene
