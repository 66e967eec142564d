import { dial, epsv, list, login, quit, retrieve } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The first SYN to the port of the 229 is lost, the second is answered: EPSV works, and so does PASV after it.',
)
const session = openControl(place)
login(session)
epsv(session, 50_004)
const data = dial(session, 50_004, { attempts: 2 })
list(session, data)
retrieve(session, { port: 50_005 })
quit(session)

export default place.scene
