import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient(
  'Four data connections to ports 50000 to 50010 work, and so does a fifth to 34567: nothing filters by range here.',
)
const session = openControl(place, { dialect: proftpd })
login(session)
for (const dataPort of [50_004, 50_010, 50_000, 50_007]) listing(session, { port: dataPort, data: 'report.bin\r\n' })
listing(session, { port: 34_567 })
quit(session)

export default place.scene
