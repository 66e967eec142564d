import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The client shuts its window for 4 s in the middle of a download, and again for 2 s: its disk is slow.',
)
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 8688))
data.server(4344)
data.acknowledge('client', { window: 0, think: 5 })
place.scene.wait(4000)
data.acknowledge('client', { window: 64_240 })
data.server(2896)
data.acknowledge('client', { window: 0 })
place.scene.wait(2000)
data.acknowledge('client', { window: 64_240 })
data.server(1448).close('server')
reply(session, session.dialect.complete)
quit(session)

export default place.scene
