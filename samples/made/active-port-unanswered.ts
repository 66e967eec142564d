import { command, dialBackInVain, login, port, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The SYNs of the server reach the announced port of the client, whose own firewall drops them; 425 after 60 seconds.',
  { client: '198.51.100.7' },
)
const session = openControl(place)
login(session)
port(session, 52_230)
command(session, 'LIST')
dialBackInVain(session, 52_230, { attempts: 5 })
place.scene.wait(45_000)
reply(session, '425 Failed to establish connection.')
quit(session)

export default place.scene
