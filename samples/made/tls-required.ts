import { ask, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The server wants TLS before it takes a user name: 530 Non-anonymous sessions must use encryption.',
)
const session = openControl(place)
reply(session, session.dialect.greeting)
ask(session, 'USER alice', '530 Non-anonymous sessions must use encryption.')
quit(session)

export default place.scene
