import { dialInVain, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The announced port answers with RST by another machine under the same address: TTL 121 in place of 57, no ' +
    'timestamps.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
dialInVain(session, 50_005, { answer: { rst: { hopLimit: 121, identification: 31_337 } } })
place.scene.wait(100)
quit(session)

export default place.scene
