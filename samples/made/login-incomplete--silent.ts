import { ask, listing, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The server wants an account after the password, 332, and the client sends ACCT: 230.')
const session = openControl(place)
reply(session, '220 Gateway ready.')
ask(session, 'USER alice', '331 Password required for alice.')
ask(session, 'PASS wonderland', '332 Need account for login.')
ask(session, 'ACCT dept42', '230 User alice logged in.')
listing(session)
quit(session)

export default place.scene
