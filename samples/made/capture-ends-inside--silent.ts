import { login, quit, retrieve } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient(
  'Only the very last acknowledgment is missing at the end; the session is over, QUIT is answered, both sides ' +
    'have closed.',
)
const session = openControl(place, { dialect: proftpd })
login(session)
retrieve(session, { data: 8688 })
quit(session)
const last = place.scene.packets.length - 1
place.scene.drop((_, index) => index === last)

export default place.scene
