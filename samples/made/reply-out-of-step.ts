import { ask, login, pasv, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The server answers one CWD twice, 200 and then 250: the client reads 250 as the reply to PASV, and leaves.',
)
const session = openControl(place)
login(session)
ask(session, 'CWD upload', '200 OK')
reply(session, '250 Directory successfully changed.', { think: 40 })
ask(session, 'CWD photos', '250 Directory successfully changed.')
pasv(session, 50_005)
session.control.close('client')

export default place.scene
