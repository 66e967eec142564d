import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl, windows } from '../../test/support/places.js'
import { iis } from '../../test/support/server-dialects.js'

const place = atClient(
  'The first SYN meets ICMP 3/1, host unreachable, while the last router still looks for the server; the ' +
    'second is answered.',
  { clientLook: windows },
)
const session = openControl(place, { attempts: 2, dialect: iis })
const [firstSyn] = place.scene.packets
place.scene.icmp({ type: 3, code: 1, from: '203.0.113.1', hopLimit: 58, quote: 28 }, firstSyn!, 18)
login(session)
listing(session)
quit(session)

export default place.scene
