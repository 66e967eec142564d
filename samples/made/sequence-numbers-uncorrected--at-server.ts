import { ask, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'On a server behind a NAT: its 227 names its inside address, which an ALG makes three bytes longer on its way.',
  { server: '10.0.0.21' },
)
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
ask(session, 'PWD', '257 "/home/alice" is the current directory')
ask(session, 'SYST', '215 UNIX Type: L8')
quit(session)

export default place.scene
