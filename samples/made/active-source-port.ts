import { listBack, login, port, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The active data connection comes from port 40213 of the server in place of 20; here it works.',
  {
    client: '198.51.100.7',
  },
)
const session = openControl(place)
login(session)
port(session, 52_230)
listBack(session, 52_230, { fromPort: 40_213 })
quit(session)

export default place.scene
