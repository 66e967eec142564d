import { ask, listing, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The client never dials the port of the second 227: no such file, so it has no use for it, and goes on with a third.',
)
const session = openControl(place)
login(session)
listing(session, { port: 50_004 })
pasv(session, 50_005)
ask(session, 'SIZE report.old', '550 Could not get file size.')
listing(session, { port: 50_006 })
quit(session)

export default place.scene
