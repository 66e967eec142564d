import { refusedCertificate } from '../../test/support/certified-session.js'

export default refusedCertificate(48, {
  about:
    'The server sends its certificate, issued by a public authority, without the intermediate: the client does not ' +
    'know the issuer.',
  chain: ['public'],
})
