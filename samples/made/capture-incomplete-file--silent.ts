import { ask, dial, login, pasv } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The capture was stopped in the middle of a download, but the file itself is whole to its last record.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 40_960))
data.server(8688)

export default place.scene
