import { certifiedListing } from '../../test/support/certified-session.js'

export default certifiedListing({
  about: 'The certificate of the server is valid for some months yet; the session works.',
})
