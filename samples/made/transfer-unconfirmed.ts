import { ask, dial, login, pasv } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'An upload of 2048 bytes passes and is closed in good order, but the server does not say 226; after 60 s the ' +
    'client gives up.',
)
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'STOR report.bin', session.dialect.receiving('report.bin'))
data.client(2048).close('client')
place.scene.wait(60_000)
session.control.close('client')

export default place.scene
