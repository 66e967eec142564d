import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient('ProFTPD answers RNFR with a 451, which is no transfer; the upload resumed with REST works.')
const session = openControl(place, { dialect: proftpd })
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
ask(session, 'RNFR backup.old', '451 backup.old: Operation not permitted')
ask(session, 'SIZE backup.tar', '213 14480')
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'REST 14480', '350 Restarting at 14480. Send STORE or RETRIEVE to initiate transfer')
ask(session, 'STOR backup.tar', session.dialect.receiving('backup.tar'))
data.client(5792).close('client')
reply(session, session.dialect.complete)
quit(session)

export default place.scene
