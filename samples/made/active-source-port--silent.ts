import { listBack, login, port, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient(
  'The server listens on port 2121, so that its active data comes from 2120: the control port less one.',
  {
    client: '198.51.100.7',
  },
)
const session = openControl(place, { serverPort: 2121, dialect: proftpd })
login(session)
port(session, 52_230)
listBack(session, 52_230, { fromPort: 2120 })
quit(session)

export default place.scene
