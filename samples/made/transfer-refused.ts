import { ask, dial, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The server itself says no to the download: 550 Failed to open file. The data connection was open and in order.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.old', '550 Failed to open file.')
data.close('server')
quit(session)

export default place.scene
