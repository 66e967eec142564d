import { ask, login, quit, retrieve } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'At the client of a proxy, which ends the TCP connection and opens one of its own to the server.',
)
const session = openControl(place)
login(session)
ask(session, 'PWD', '257 "/home/alice" is the current directory')
ask(session, 'SIZE report.txt', '213 2000')
retrieve(session, { path: 'report.txt', port: 50_001, data: 2000 })
quit(session)

export default place.scene
