import { command, dialBackInVain, login, port, quit, reply } from '../../test/support/ftp-scene.js'
import { inLan, openControl } from '../../test/support/places.js'

const place = inLan(
  'The control connection goes to 10.1.0.20, a balancer; the data comes from 10.1.0.21, a server behind it, ' +
    'and is not let in.',
)
const session = openControl(place)
const realServer = place.scene.host('10.1.0.21', { distance: 0.2 })
login(session)
port(session, 52_230)
command(session, 'LIST')
dialBackInVain(session, 52_230, { from: realServer, attempts: 5 })
place.scene.wait(45_000)
reply(session, '425 Failed to establish connection.')
quit(session)

export default place.scene
