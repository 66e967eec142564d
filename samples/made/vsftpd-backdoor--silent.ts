import { ask, listing, quit, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer('A user whose name contains ":)" works on a vsftpd 3.0.3: another version knows no backdoor.')
const session = openControl(place)
reply(session, session.dialect.greeting)
ask(session, 'USER smile:)', session.dialect.needPassword('smile:)'))
ask(session, 'PASS wunderland', session.dialect.loggedIn('smile:)'))
listing(session)
quit(session)

export default place.scene
