import { ask, dial, list, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The 227 has blanks behind its commas and no parentheses. The client reads it; Linux drops the segment, ' +
    'others let it pass unread.',
)
const session = openControl(place)
login(session)
ask(session, 'PASV', '227 Entering Passive Mode 203, 0, 113, 20, 195, 85')
list(session, dial(session, 50_005))
quit(session)

export default place.scene
