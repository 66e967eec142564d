import { certifiedListing } from '../../test/support/certified-session.js'

export default certifiedListing({
  about: 'The client wants a host that only the wildcard of the certificate names; the session works.',
  serverName: 'Mirror.files.example.net',
})
