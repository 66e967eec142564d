import { ask, listing, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The 530 answers commands that the client sends before it logs in; the login itself is accepted.',
)
const session = openControl(place)
reply(session, session.dialect.greeting)
ask(session, 'FEAT', '530 Please login with USER and PASS.')
ask(session, 'SYST', '530 Please login with USER and PASS.')
ask(session, 'USER alice', session.dialect.needPassword('alice'))
ask(session, 'PASS wonderland', session.dialect.loggedIn('alice'), { think: 12 })
listing(session)
quit(session)

export default place.scene
