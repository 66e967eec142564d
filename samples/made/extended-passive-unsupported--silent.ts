import { ask, listing, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('EPSV is refused only because it came before the login (530); afterwards it works.')
const session = openControl(place)
reply(session, session.dialect.greeting, { think: 3 })
ask(session, 'EPSV', '530 Please login with USER and PASS.')
ask(session, 'USER alice', session.dialect.needPassword('alice'))
ask(session, 'PASS wonderland', session.dialect.loggedIn('alice'), { think: 12 })
listing(session, { verb: 'EPSV' })
quit(session)

export default place.scene
