import { between } from '../../test/support/places.js'

const place = between('Only one direction is in the capture, because there is no other: nobody answers the four SYNs.')
place.scene.syn(place.client, 52_228, place.server, 21, { attempts: 4 })

export default place.scene
