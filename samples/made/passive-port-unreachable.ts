import { dialInVain, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'A firewall before the server answers the SYN to the announced port with ICMP 3/10: host administratively ' +
    'prohibited.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
dialInVain(session, 50_005, { answer: { icmp: { type: 3, code: 10, from: '203.0.113.1', hopLimit: 58 } } })
place.scene.wait(100)
quit(session)

export default place.scene
