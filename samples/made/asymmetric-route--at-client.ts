import { login, quit, retrieve } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('At the client: a download, of which another place sees one direction.')
const session = openControl(place)
login(session)
retrieve(session, { path: 'report.txt', port: 50_001, data: 2000 })
quit(session)

export default place.scene
