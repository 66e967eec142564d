import { reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient(
  'The server says 120, ready in 1 minute, but no 220 follows: after two minutes the client closes.',
)
const session = openControl(place, { dialect: proftpd })
reply(session, '120 Service ready in 1 minute.', { think: 3 })
place.scene.wait(120_000)
session.control.close('client')

export default place.scene
