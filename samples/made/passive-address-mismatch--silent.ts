import { ask, dial, list, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The 227 names the address of the server in an unusual spelling, with leading zeros: 203,000,113,020 is ' +
    '203.0.113.20.',
)
const session = openControl(place)
login(session)
ask(session, 'PASV', '227 Entering Passive Mode (203,000,113,020,195,085).')
const data = dial(session, 50_005)
list(session, data)
quit(session)

export default place.scene
