import { ask, dial, list, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The 227 has no parentheses and a number in its prose, which is unusual but readable (RFC 1123, 4.1.2.6).',
)
const session = openControl(place)
login(session)
ask(session, 'PASV', '227 Node 7 entering passive mode, =203,0,113,20,195,85')
const data = dial(session, 50_005)
list(session, data)
quit(session)

export default place.scene
