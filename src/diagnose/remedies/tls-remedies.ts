/** What to set if TLS is missing, or required by one side only. */
import type { RemedyContext } from './remedy-context.js'
import { clientRemedy } from './settings/client-settings.js'
import { serverRemedy } from './settings/server-settings.js'

export function explicitTlsInClient(context: RemedyContext): string {
  return clientRemedy(
    context.clientSoftware,
    'require explicit TLS (AUTH TLS), not only attempt it',
    (c) => c.requireTls,
  )
}

export function implicitTlsInClient(context: RemedyContext): string {
  return clientRemedy(context.clientSoftware, 'use implicit TLS', (c) => c.implicitTls)
}

export function protectedDataInClient(context: RemedyContext): string {
  return clientRemedy(
    context.clientSoftware,
    'send PBSZ 0 and PROT P before transfers',
    (c) => c.protectData ?? c.requireTls,
  )
}

export function loginsUnderTlsOnly(context: RemedyContext): string {
  return serverRemedy(context.serverSoftware, 'refuse logins in clear text', (s) => s.requireTls)
}

/** At the cost of the protection of passwords. */
export function clearLoginsOnServer(context: RemedyContext): string {
  return serverRemedy(context.serverSoftware, 'allow logins in clear text', (s) => s.clearLogin)
}

export function protectedDataOnServer(context: RemedyContext): string {
  return serverRemedy(context.serverSoftware, 'require TLS for data', (s) => s.protectData)
}

export function clearDataOnServer(context: RemedyContext): string {
  return serverRemedy(context.serverSoftware, 'allow data in clear text', (s) => s.clearData)
}
