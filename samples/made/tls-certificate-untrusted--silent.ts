import { certifiedListing } from '../../test/support/certified-session.js'

export default certifiedListing({
  about: 'The certificate of the server is self-signed, and the client knows it: the session works.',
  chain: ['self-signed'],
})
