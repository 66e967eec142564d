import type { Dialogue } from './model.js'

/** A dialogue of which nothing is known yet. */
export function emptyDialogue(): Dialogue {
  return {
    exchanges: [],
    announcements: [],
    transfers: [],
    user: null,
    anonymous: false,
    login: 'none',
    serverSoftware: null,
    clientSoftware: null,
    features: [],
    security: 'none',
    opaqueFrom: null,
    clearAgain: false,
    protectedData: false,
    workingDirectory: null,
    otherProtocol: null,
    clientHello: null,
    tls: null,
    cutLines: 0,
  }
}
