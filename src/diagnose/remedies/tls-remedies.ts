/** What to set where TLS is missing, or wanted by one side only. */
import type { RemedyContext } from './remedy-context.js'
import { clientRemedy } from './settings/client-settings.js'
import { serverRemedy } from './settings/server-settings.js'

export function explicitTlsInClient(context: RemedyContext): string {
  return clientRemedy(
    context.clientSoftware,
    'explicit TLS (AUTH TLS), required and not only tried',
    (c) => c.requireTls,
  )
}

export function implicitTlsInClient(context: RemedyContext): string {
  return clientRemedy(context.clientSoftware, 'implicit TLS', (c) => c.implicitTls)
}

export function protectedDataInClient(context: RemedyContext): string {
  return clientRemedy(
    context.clientSoftware,
    'PBSZ 0 and PROT P before transfers',
    (c) => c.protectData ?? c.requireTls,
  )
}

export function loginsUnderTlsOnly(context: RemedyContext): string {
  return serverRemedy(context.serverSoftware, 'no logins in clear text', (s) => s.requireTls)
}

/** Gives up the protection of passwords. */
export function clearLoginsOnServer(context: RemedyContext): string {
  return serverRemedy(context.serverSoftware, 'logins in clear text admitted', (s) => s.clearLogin)
}

export function protectedDataOnServer(context: RemedyContext): string {
  return serverRemedy(context.serverSoftware, 'TLS for data', (s) => s.protectData)
}

export function clearDataOnServer(context: RemedyContext): string {
  return serverRemedy(context.serverSoftware, 'data in clear text admitted', (s) => s.clearData)
}
