import { dialInVain, listing, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient(
  'Four data connections to ports 50000 to 50010 work; then the server announces 34567, and the SYNs there get ' +
    'no answer.',
)
const session = openControl(place, { dialect: proftpd })
login(session)
for (const dataPort of [50_004, 50_010, 50_000, 50_007]) listing(session, { port: dataPort, data: 'report.bin\r\n' })
pasv(session, 34_567)
dialInVain(session, 34_567)
place.scene.wait(4000)
quit(session)

export default place.scene
