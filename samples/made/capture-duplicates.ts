import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { between, openControl } from '../../test/support/places.js'
import { duplicateAll } from '../../test/support/transforms.js'

const place = between(
  'Every packet is in the file twice, ten microseconds apart and with the same identification, as from a mirror port.',
)
const session = openControl(place)
login(session)
listing(session)
quit(session)
place.scene.apply(duplicateAll())

export default place.scene
