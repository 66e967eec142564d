import { login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'Three connections of this client are served; the SYNs of a fourth get no answer, as from a firewall that ' +
    'counts them.',
)
const sessions = [52_228, 52_229, 52_230].map((clientPort) => openControl(place, { clientPort }))
for (const session of sessions) login(session)
place.scene.syn(place.client, 52_231, place.server, 21, { attempts: 4 })
place.scene.wait(8000)
for (const session of sessions) quit(session)

export default place.scene
