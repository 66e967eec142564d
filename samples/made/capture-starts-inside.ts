import { login, quit, retrieve } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The capture begins after the login: no handshake, no greeting, but the rest of the session.')
const session = openControl(place, { captured: false })
login(session)
const after = place.scene.now
retrieve(session)
quit(session)
place.scene.drop((packet) => packet.time < after)

export default place.scene
