import { login, port, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'At the client: PORT names 192.168.1.10 towards a public server, which sees another address and says 500 ' +
    'Illegal PORT.',
)
const session = openControl(place)
login(session)
port(session, 52_230, { reply: '500 Illegal PORT command.' })
quit(session)

export default place.scene
