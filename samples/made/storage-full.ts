import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient(
  'In the middle of an upload ProFTPD ends the data connection: the quota of the account is used up.',
)
const session = openControl(place, { dialect: proftpd })
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'STOR backup.tar', session.dialect.receiving('backup.tar'))
data.client(5792).fin('server')
reply(session, '552 Transfer aborted. Disc quota exceeded')
data.fin('client')
quit(session)

export default place.scene
