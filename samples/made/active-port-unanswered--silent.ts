import { listBack, login, port, quit } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'The first SYN of the server is lost, the one after a second is answered, and the listing goes through.',
)
const session = openControl(place)
login(session)
port(session, 52_230)
listBack(session, 52_230, { attempts: 2 })
quit(session)

export default place.scene
