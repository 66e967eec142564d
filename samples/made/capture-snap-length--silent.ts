import { login, quit, retrieve } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The snap length of 1514 bytes is small, but the longest packet has just 1514, so that nothing is cut.',
)
const session = openControl(place)
login(session)
retrieve(session, { path: 'quarterly-report-2023-04.bin', data: 8688 })
quit(session)

export const options = { snapLength: 1514 }

export default place.scene
