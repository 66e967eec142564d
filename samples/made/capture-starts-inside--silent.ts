import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The capture begins in the middle of an SSH connection between the two machines; the FTP session in it is whole.',
)
const ssh = place.scene.connect(place.client, 40_022, place.server, 22, { captured: false })
ssh.client(36).server(52)
const session = openControl(place)
login(session)
listing(session)
ssh.client(36).server(148)
quit(session)

export default place.scene
