import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The connection opens, but no greeting comes; after 60 seconds the client gives up.')
const session = openControl(place)
place.scene.wait(60_000)
session.control.close('client')

export default place.scene
