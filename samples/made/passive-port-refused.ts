import { dialInVain, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { iis } from '../../test/support/server-dialects.js'

const place = atClient(
  'The announced port answers with RST, with the TTL of the server itself: nobody listens there any more.',
)
const session = openControl(place, { dialect: iis })
login(session)
pasv(session, 50_005)
dialInVain(session, 50_005, { answer: 'rst' })
place.scene.wait(100)
quit(session)

export default place.scene
