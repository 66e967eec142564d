import { ask, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The 227 has an octet of 300, which no client can dial: 203,0,113,300.')
const session = openControl(place)
login(session)
ask(session, 'PASV', '227 Entering Passive Mode (203,0,113,300,195,85).')
place.scene.wait(300)
quit(session)

export default place.scene
