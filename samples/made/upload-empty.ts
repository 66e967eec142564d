import { ask, command, dial, login, pasv, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The client closes the data connection after 125 without sending a byte, and quits before the completion.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'STOR photo.jpg', '125 Data connection already open; Transfer starting.')
data.close('client')
command(session, 'QUIT')
reply(session, '226 Transfer complete.')
reply(session, '221 Goodbye.')
session.control.close('server')

export default place.scene
