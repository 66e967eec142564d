import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer('12 of 36 segments of a download are lost behind the capture and sent again.')
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 36 * 128))
for (let segment = 0; segment < 36; segment++) {
  const lost = segment % 3 === 0
  data.server(128, { delivered: !lost })
  if (lost) data.retransmit('server', 1, { think: 240 })
}
data.close('server')
reply(session, session.dialect.complete)
quit(session)

export default place.scene
