import { ask, listing, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient(
  'The ident query is refused at once and the greeting follows; the eight seconds after it are the user who ' +
    'types a name.',
)
const session = openControl(place, { dialect: proftpd })
place.scene.syn(place.server, 41_872, place.client, 113, { answer: 'rst' })
reply(session, session.dialect.greeting, { think: 30 })
place.scene.wait(8000)
ask(session, 'USER alice', session.dialect.needPassword('alice'))
place.scene.wait(5000)
ask(session, 'PASS wonderland', session.dialect.loggedIn('alice'))
listing(session)
quit(session)

export default place.scene
