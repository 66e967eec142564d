import { ask, dial, login, pasv, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'A download stops after 10136 of 40960 bytes. 300 s later, the length of its data_connection_timeout, vsftpd ' +
    'gives up with 421.',
)
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 40_960))
data.server(10_136)
place.scene.wait(300_000)
reply(session, '421 Data timeout. Reconnect. Sorry.')
data.close('server')
session.control.close('server')

export default place.scene
