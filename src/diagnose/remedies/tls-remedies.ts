/** What to set where TLS is missing, or wanted by one side only. */
import type { Session } from '../../correlate/model.js'
import { clientRemedy } from './settings/client-settings.js'
import { serverRemedy } from './settings/server-settings.js'

export function explicitTlsInClient({ dialogue }: Session): string {
  return clientRemedy(
    dialogue.clientSoftware,
    'explicit TLS (AUTH TLS), required and not only tried',
    (c) => c.requireTls,
  )
}

export function implicitTlsInClient({ dialogue }: Session): string {
  return clientRemedy(dialogue.clientSoftware, 'implicit TLS', (c) => c.implicitTls)
}

export function protectedDataInClient({ dialogue }: Session): string {
  return clientRemedy(
    dialogue.clientSoftware,
    'PBSZ 0 and PROT P before transfers',
    (c) => c.protectData ?? c.requireTls,
  )
}

export function loginsUnderTlsOnly({ dialogue }: Session): string {
  return serverRemedy(dialogue.serverSoftware, 'no logins in clear text', (s) => s.requireTls)
}

/** Gives up the protection of passwords. */
export function clearLoginsOnServer({ dialogue }: Session): string {
  return serverRemedy(dialogue.serverSoftware, 'logins in clear text admitted', (s) => s.clearLogin)
}

export function protectedDataOnServer({ dialogue }: Session): string {
  return serverRemedy(dialogue.serverSoftware, 'TLS for data', (s) => s.protectData)
}

export function clearDataOnServer({ dialogue }: Session): string {
  return serverRemedy(dialogue.serverSoftware, 'data in clear text admitted', (s) => s.clearData)
}
