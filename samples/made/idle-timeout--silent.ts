import { ask, listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('290 seconds of silence, but the client comes back in time with NOOP, lists again and quits.')
const session = openControl(place)
login(session)
listing(session)
place.scene.wait(290_000)
ask(session, 'NOOP', '200 NOOP ok.')
listing(session, { port: 50_006 })
quit(session)

export default place.scene
