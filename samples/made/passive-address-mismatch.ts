import { dialInVain, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient(
  'The 227 names 203.0.113.99, a public address, but not that of the server: three SYNs there stay unanswered.',
)
const session = openControl(place, { dialect: proftpd })
login(session)
pasv(session, 50_005, '203.0.113.99')
dialInVain(session, 50_005, { target: place.scene.host('203.0.113.99') })
place.scene.wait(2000)
quit(session)

export default place.scene
