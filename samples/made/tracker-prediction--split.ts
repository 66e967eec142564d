import { dial, list, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The server writes its 227 in two pieces, and each goes in a segment of its own.')
const session = openControl(place)
login(session)
const { control } = session
control.client('PASV\r\n')
control.server('227 Entering Passive Mode (203,0,113,20').server(',195,85).\r\n', { think: 20 })
list(session, dial(session, 50_005))
quit(session)

export default place.scene
