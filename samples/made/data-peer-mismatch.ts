import { command, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'The data connection comes from 198.51.100.8, the other uplink of the client: accepted, closed at once, 425 ' +
    'Bad IP connecting.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
const otherUplink = place.scene.host('198.51.100.8', { hopLimit: 50, distance: 14, machine: place.client })
const data = place.scene.connect(otherUplink, session.nextPort, place.server, 50_005)
command(session, 'LIST')
data.close('server')
reply(session, '425 Security: Bad IP connecting.')
quit(session)

export default place.scene
