import { login, port, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The server takes no PORT, though its address is right: 500, twice, and the client tries nothing else.',
  {
    client: '198.51.100.7',
  },
)
const session = openControl(place)
login(session)
port(session, 52_230, { reply: '500 Illegal PORT command.' })
port(session, 52_231, { reply: '500 Illegal PORT command.' })
quit(session)

export default place.scene
