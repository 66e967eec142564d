import { login, quit, retrieve } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'Captured with tcpdump -s 96: of each packet 96 bytes, which cuts some replies and nearly all of the data.',
)
const session = openControl(place)
login(session)
retrieve(session, { path: 'quarterly-report-2023-04.bin', data: 8688 })
quit(session)

export const options = { snapLength: 96 }

export default place.scene
