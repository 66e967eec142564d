import { ask, login, quit, retrieve } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'ABOR comes when the download has ended already: every byte is there, 226, and 225 says that there was ' +
    'nothing to abort.',
)
const session = openControl(place)
login(session)
retrieve(session, { data: 8688 })
ask(session, 'ABOR', '225 No transfer to ABOR.')
quit(session)

export default place.scene
