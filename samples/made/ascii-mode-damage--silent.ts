import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'A text is downloaded in TYPE A, as it should be: 3 bytes more than its size, one for each line.',
)
const session = openControl(place)
login(session)
ask(session, 'TYPE A', '200 Switching to ASCII mode.')
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR README', '150 Opening ASCII mode data connection for README (64 bytes).')
data.server('Put reports into incoming.\r\nThey are fetched at noon.\r\nAsk Bob.\r\n').close('server')
reply(session, session.dialect.complete)
quit(session)

export default place.scene
