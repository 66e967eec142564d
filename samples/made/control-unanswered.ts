import { atClient } from '../../test/support/places.js'

const place = atClient('Five SYNs to port 21 at 0, 1, 3, 7 and 15 seconds, and no answer of any kind.')
place.scene.syn(place.client, 52_228, place.server, 21, { attempts: 5 })

export default place.scene
