import { ask, listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('USER and PASS of a real user pass in the clear, although the server offers AUTH TLS in FEAT.')
const session = openControl(place)
login(session)
ask(
  session,
  'FEAT',
  '211-Features:\r\n AUTH TLS\r\n EPRT\r\n EPSV\r\n MDTM\r\n PASV\r\n PBSZ\r\n PROT\r\n REST STREAM\r\n ' +
    'SIZE\r\n TVFS\r\n211 End',
)
listing(session)
quit(session)

export default place.scene
