import { ask, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The server has no TLS and refuses AUTH; the client does not log in without it.')
const session = openControl(place)
reply(session, session.dialect.greeting)
ask(session, 'AUTH TLS', '530 Please login with USER and PASS.')
ask(session, 'AUTH SSL', '530 Please login with USER and PASS.')
session.control.close('client')

export default place.scene
