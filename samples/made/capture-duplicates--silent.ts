import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { between, openControl } from '../../test/support/places.js'

const place = between(
  'Some segments are in the file twice, because they were sent twice: later, and with identifications of their own.',
)
const session = openControl(place)
login(session)
session.control.retransmit('server', 1, { think: 240 })
session.control.retransmit('client', 1, { think: 210 })
listing(session).retransmit('server', 1, { think: 220, ack: false })
quit(session)

export default place.scene
