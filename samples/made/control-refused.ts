import { atClient } from '../../test/support/places.js'

const place = atClient('The SYN to port 21 is answered by RST with the TTL of the host itself: nothing listens there.')
place.scene.syn(place.client, 52_228, place.server, 21, { answer: 'rst' })

export default place.scene
