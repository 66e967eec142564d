import { ask, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { pureftpd } from '../../test/support/server-dialects.js'

const place = atClient(
  'The server offers TLS in its greeting and in FEAT but does not ask for it: the 530 is a wrong password.',
)
const session = openControl(place, { dialect: pureftpd })
reply(session, session.dialect.greeting)
ask(
  session,
  'FEAT',
  '211-Extensions supported:\r\n EPRT\r\n EPSV\r\n AUTH TLS\r\n PBSZ\r\n PROT\r\n SIZE\r\n UTF8\r\n211 End.',
)
ask(session, 'USER alice', session.dialect.needPassword('alice'))
ask(session, 'PASS wunderland', '530 Login authentication failed', { think: 1500 })
quit(session)

export default place.scene
