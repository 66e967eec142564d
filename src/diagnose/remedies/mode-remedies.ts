/** Remedies for data connections in passive or active mode. */
import { isPublic } from '../../wire/address-scope.js'
import {
  clientHelperLine,
  openRangeLine,
  passiveRange,
  present,
  rulesCommand,
  seenText,
  serverHelperLine,
} from './firewall-remedies.js'
import type { RemedyContext } from './remedy-context.js'
import { clientRemedy } from './settings/client-settings.js'
import { serverRemedy } from './settings/server-settings.js'

/** Remedy lines for a range of passive ports that is not open. */
export function openRangeRemedy(context: RemedyContext): string[] {
  const { low, high } = passiveRange(context)
  const fixed = `set a fixed range of passive ports, ${low} to ${high}`
  const onServer = serverRemedy(context.serverSoftware, fixed, (s) => s.passivePorts?.(low, high))
  return [
    `${onServer}${seenText(context)}`,
    openRangeLine(context, context.session.server.address),
    ...present(serverHelperLine(context)),
    rulesCommand('server'),
  ]
}

/** Remedy lines for active data connections that do not reach the client. */
export function activeRemedy(context: RemedyContext): string[] {
  return [
    passiveModeRemedy(context),
    ...present(clientHelperLine(context)),
    outsideAddressRemedy(context),
    rulesCommand('client'),
  ]
}

export function passiveModeRemedy(context: RemedyContext): string {
  return clientRemedy(context.clientSoftware, 'use passive mode', (c) => c.passive)
}

/** PASV instead of EPSV. */
export function notExtendedRemedy({ clientSoftware, session }: RemedyContext): string {
  if (session.control.version === 6)
    return 'in the client: connect over IPv4 and use PASV, which cannot name an IPv6 address'
  return clientRemedy(clientSoftware, 'use PASV instead of EPSV', (c) => c.noExtended)
}

/** EPSV instead of PASV. */
export function extendedRemedy({ clientSoftware }: RemedyContext): string {
  return clientRemedy(clientSoftware, 'use EPSV instead of PASV', (c) => c.extended)
}

/** Connect to the address of the control connection, whatever address the server announces. */
export function ignoreAnnouncedRemedy({ clientSoftware }: RemedyContext): string {
  return clientRemedy(clientSoftware, 'connect to the address of the control connection', (c) => c.ignoreAnnounced)
}

/** Announces the public address, with manual port forwarding. */
function outsideAddressRemedy({ session, clientSoftware }: RemedyContext): string {
  const { address } = session.client
  const outside = isPublic(address) ? address : 'its public address'
  const meaning = `announce ${outside} in active mode`
  const inClient = clientRemedy(clientSoftware, meaning, (c) => c.externalAddress?.(outside))
  return `or ${inClient}, and forward a fixed range of ports to the client`
}
