import { ask, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The password is wrong, twice: 530 each time, and the client gives up.')
const session = openControl(place)
reply(session, session.dialect.greeting)
for (const password of ['wunderland', 'wonderlend']) {
  ask(session, 'USER alice', session.dialect.needPassword('alice'))
  // pam_unix answers a wrong password after about 3 seconds.
  ask(session, `PASS ${password}`, '530 Login incorrect.', { think: 2900 })
}
quit(session)

export default place.scene
