import { dialInVain, login, pasv } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The 227 names the right address, but the SYNs to its port stay unanswered for 31 seconds, and the client gives up.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
dialInVain(session, 50_005, { attempts: 5 })
place.scene.wait(16_000)
session.control.close('client')

export default place.scene
