import { ask, dialInVain, login, pasv, quit, command, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer('425 again, but PASV went before: the client could not reach the announced port.')
const session = openControl(place)
login(session)
pasv(session, 50_005)
command(session, 'LIST')
dialInVain(session, 50_005, { answer: { rst: {} }, attempts: 2 })
reply(session, '425 Failed to establish connection.')
ask(session, 'NOOP', '200 NOOP ok.')
quit(session)

export default place.scene
