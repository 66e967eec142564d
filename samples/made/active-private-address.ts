import { command, dialBackInVain, login, port, quit, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'
import { pureftpd } from '../../test/support/server-dialects.js'

const place = atServer(
  'At the server: PORT names 192.168.1.10, the private address of the client behind its NAT; the SYNs there ' +
    'get no answer.',
)
const session = openControl(place, { dialect: pureftpd })
login(session)
port(session, 52_230, { address: '192.168.1.10' })
command(session, 'LIST')
dialBackInVain(session, 52_230, { target: place.scene.host('192.168.1.10') })
place.scene.wait(4000)
reply(session, "425 Can't build data connection: Connection timed out")
quit(session)

export default place.scene
