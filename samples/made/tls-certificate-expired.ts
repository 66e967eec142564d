import { refusedCertificate } from '../../test/support/certified-session.js'

export default refusedCertificate(45, {
  about: 'The certificate of the server expired five days ago; the client says so in an alert, and both close.',
  chain: ['expired', 'issuing'],
})
