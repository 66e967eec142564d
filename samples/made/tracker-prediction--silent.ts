import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('A 227 and a 229 in their usual form, each in a segment of its own: every tracker reads them.')
const session = openControl(place)
login(session)
listing(session)
listing(session, { verb: 'EPSV', port: 50_006 })
quit(session)

export default place.scene
