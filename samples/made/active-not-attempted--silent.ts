import { ask, listing, login, port, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'Nothing comes to the second announced port, because the server has nothing to send: 550, no such file.',
  {
    client: '198.51.100.7',
  },
)
const session = openControl(place)
login(session)
listing(session, { verb: 'PORT' })
port(session, 52_240)
ask(session, 'RETR report.old', '550 Failed to open file.')
quit(session)

export default place.scene
