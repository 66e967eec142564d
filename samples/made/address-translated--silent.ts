import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer('A server with a public address of its own: the data connection reaches what was announced.')
const session = openControl(place)
login(session)
listing(session)
quit(session)

export default place.scene
