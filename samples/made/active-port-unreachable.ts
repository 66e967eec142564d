import { command, dialBackInVain, login, port, quit, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'The router of the client answers the SYN of the server with ICMP 3/13: administratively prohibited.',
)
const session = openControl(place)
login(session)
port(session, 52_230)
command(session, 'LIST')
const icmp = { type: 3, code: 13, from: '198.51.100.1', hopLimit: 51 }
dialBackInVain(session, 52_230, { answer: { icmp } })
place.scene.wait(30)
reply(session, '425 Failed to establish connection.')
quit(session)

export default place.scene
