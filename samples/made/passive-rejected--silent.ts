import { ask, listing, login, quit } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer('The server refuses PASV (pasv_enable=NO); the client goes over to PORT, and that works.')
const session = openControl(place)
login(session)
ask(session, 'PASV', '550 Permission denied.')
listing(session, { verb: 'PORT' })
quit(session)

export default place.scene
