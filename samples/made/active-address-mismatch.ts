import { command, dialBackInVain, login, port, quit, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'
import { pureftpd } from '../../test/support/server-dialects.js'

const place = atServer(
  'The client comes from 198.51.100.7 but announces 198.51.100.77, its address in a VPN; the SYNs there get no answer.',
)
const session = openControl(place, { dialect: pureftpd })
login(session)
port(session, 52_230, { address: '198.51.100.77' })
command(session, 'LIST')
dialBackInVain(session, 52_230, { target: place.scene.host('198.51.100.77') })
place.scene.wait(4000)
reply(session, "425 Can't build data connection: Connection timed out")
quit(session)

export default place.scene
