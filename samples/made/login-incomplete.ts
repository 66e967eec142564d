import { ask, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The server wants an account after the password, 332, and the client leaves without ACCT.')
const session = openControl(place)
reply(session, '220 Gateway ready.')
ask(session, 'USER alice', '331 Password required for alice.')
ask(session, 'PASS wonderland', '332 Need account for login.')
quit(session)

export default place.scene
