import { ask, listing, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The server refuses AUTH, and the client, which only prefers TLS, logs in without it.')
const session = openControl(place)
reply(session, session.dialect.greeting)
ask(session, 'AUTH TLS', '530 Please login with USER and PASS.')
ask(session, 'USER alice', session.dialect.needPassword('alice'))
ask(session, 'PASS wonderland', session.dialect.loggedIn('alice'))
listing(session)
quit(session)

export default place.scene
