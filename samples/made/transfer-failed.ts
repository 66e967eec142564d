import { ask, dial, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient(
  'The client resumes an upload with REST, and ProFTPD refuses to append: AllowStoreRestart is off by default.',
)
const session = openControl(place, { dialect: proftpd })
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
ask(session, 'SIZE backup.tar', '213 14480')
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'REST 14480', '350 Restarting at 14480. Send STORE or RETRIEVE to initiate transfer')
ask(session, 'STOR backup.tar', '451 backup.tar: Append/Restart not permitted, try again')
data.close('server')
quit(session)

export default place.scene
