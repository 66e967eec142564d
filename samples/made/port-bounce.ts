import { ask, command, login, quit, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atServer('PORT names a third machine and its mail port; the server takes the order and connects there.')
const session = openControl(place, { dialect: proftpd })
login(session, {
  user: 'anonymous',
  password: 'guest@example.net',
  banner: '220 ftp FTP server (Version wu-2.6.2(1) Thu Mar 7 10:21:43 2002) ready.',
})
const victim = place.scene.host('203.0.113.99', { distance: 0.3 })
ask(session, 'PORT 203,0,113,99,0,25', session.dialect.portAccepted('PORT'))
command(session, 'RETR incoming/mail.txt')
const data = place.scene.connect(place.server, 20, victim, 25)
reply(session, session.dialect.opening('incoming/mail.txt', 312))
data.server('220 mail.example.net ESMTP\r\n')
data.client(312).close('client')
reply(session, session.dialect.complete)
quit(session)

export default place.scene
