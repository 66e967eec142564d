import { ask, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The server refuses both PASV and EPSV (pasv_enable=NO), and the client tries nothing else.')
const session = openControl(place)
login(session)
ask(session, 'EPSV', '550 Permission denied.')
ask(session, 'PASV', '550 Permission denied.')
quit(session)

export default place.scene
