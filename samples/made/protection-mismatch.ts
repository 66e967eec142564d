import { ask, dial, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'A session in clear text against a vsftpd that wants TLS for data (force_local_data_ssl): 522 to RETR.',
)
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', '522 Data connections must be encrypted.')
data.close('server')
quit(session)

export default place.scene
