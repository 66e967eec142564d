import { ask, quit, reply, retrieve } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('AUTH TLS is answered with 500, though FEAT offers it; the client logs in in clear text.')
const session = openControl(place)
reply(session, session.dialect.greeting, { think: 3 })
ask(session, 'FEAT', '211-Features:\r\n AUTH TLS\r\n EPSV\r\n PBSZ\r\n PROT\r\n211 End')
ask(session, 'AUTH TLS', '500 Command not understood.')
ask(session, 'USER alice', session.dialect.needPassword('alice'))
ask(session, 'PASS wonderland', session.dialect.loggedIn('alice'), { think: 12 })
ask(session, 'TYPE I', session.dialect.typeSet)
retrieve(session)
quit(session)

export default place.scene
