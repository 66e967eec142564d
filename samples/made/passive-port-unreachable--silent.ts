import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The ICMP 3/3 quotes a UDP query of the client to another port of the server; the data connection works.',
)
const session = openControl(place)
login(session)
const query = place.scene.udp(place.client, 40_312, place.server, 50_005, 'probe')
place.scene.icmp({ type: 3, code: 3, from: place.server.address, hopLimit: 57 }, query, 20)
listing(session)
quit(session)

export default place.scene
