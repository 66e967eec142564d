import { login } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'The segment with the 227 is sent six times and never acknowledged; the client is alive, waits, and closes ' +
    'after 25 s.',
)
const session = openControl(place)
login(session)
const { control } = session
control.client('PASV\r\n')
control.unacknowledged('server', '227 Entering Passive Mode (203,0,113,20,195,85).\r\n', { attempts: 6, timeout: 230 })
place.scene.wait(17_000)
control.fin('client')

export default place.scene
