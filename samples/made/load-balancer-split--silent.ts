import { dialInVain, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The announced port answers with RST whose TTL is that of all packets of the server: one machine, only the ' +
    'listener is gone.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
dialInVain(session, 50_005, { answer: { rst: { identification: 0 } } })
place.scene.wait(100)
quit(session)

export default place.scene
