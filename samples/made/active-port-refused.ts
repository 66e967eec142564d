import { command, dialBackInVain, login, port, quit, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer('The client answers the SYN of the server to the port that it announced with RST: 425 at once.')
const session = openControl(place)
login(session)
port(session, 52_230)
command(session, 'LIST')
dialBackInVain(session, 52_230, { answer: 'rst' })
reply(session, '425 Failed to establish connection.')
quit(session)

export default place.scene
