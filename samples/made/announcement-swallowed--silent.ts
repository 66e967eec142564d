import { dial, list, login, quit } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer('The segment with the 227 is lost once, by chance, and arrives when it is sent again.')
const session = openControl(place)
login(session)
const { control } = session
control.client('PASV\r\n')
control.server('227 Entering Passive Mode (203,0,113,20,195,85).\r\n', { delivered: false })
control.retransmit('server', 1, { think: 230 })
list(session, dial(session, 50_005))
quit(session)

export default place.scene
