import { listing, login, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient('The server asks for patience with 120, and two seconds later it is ready: 220.')
const session = openControl(place, { dialect: proftpd })
reply(session, '120 Service ready in 1 minute.', { think: 3 })
place.scene.wait(2000)
login(session)
listing(session)
quit(session)

export default place.scene
