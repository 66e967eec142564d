import { ask, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The client asks for a listing without PORT or PASV before it, and the server says so.')
const session = openControl(place)
login(session)
ask(session, 'LIST', '425 Use PORT or PASV first.')
quit(session)

export default place.scene
