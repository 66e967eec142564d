import { ask, command, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient(
  'The user breaks a download off: ABOR with its Telnet signals, 426 for the transfer and 226 for the ABOR.',
)
const session = openControl(place, { dialect: proftpd })
login(session)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 409_600))
data.server(8688)
// Interrupt process and data mark of Telnet, in front of the command as RFC 959 §4.1.3 has it.
session.control.client(Uint8Array.of(0xff, 0xf4, 0xff, 0xf2))
command(session, 'ABOR')
data.close('server')
reply(session, '426 Transfer aborted. Data connection closed')
reply(session, '226 Abort successful')
quit(session)

export default place.scene
