import { login, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('Three connections of this client are served, the fourth gets 421: too many from one address.')
const sessions = [52_228, 52_229, 52_230].map((clientPort) => openControl(place, { clientPort }))
for (const session of sessions) login(session)
const fourth = openControl(place, { clientPort: 52_231 })
reply(fourth, '421 There are too many connections from your internet address.', { think: 3 })
fourth.control.close('server')
for (const session of sessions) {
  session.nextPort += 100
  quit(session)
}

export default place.scene
