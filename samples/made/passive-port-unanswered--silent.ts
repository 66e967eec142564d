import { dial, list, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The first SYN to the announced port is lost, the one after a second is answered, and the listing arrives.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
const data = dial(session, 50_005, { attempts: 2 })
list(session, data)
quit(session)

export default place.scene
