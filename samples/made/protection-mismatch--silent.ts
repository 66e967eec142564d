import { ask, dial, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The same session, and the server refuses the file for want of permission: protection has no part in it.',
)
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', '550 Failed to open file.')
data.close('server')
quit(session)

export default place.scene
