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
  const fixed = `a fixed range of passive ports, ${low} to ${high}`
  const onServer = serverRemedy(context.serverSoftware, fixed, (s) => s.passivePorts?.(low, high))
  return [
    `${onServer}${seenText(context)}`,
    openRangeLine(context, context.session.server.address),
    ...present(serverHelperLine(context)),
    rulesCommand('server'),
  ]
}

/** Remedy lines for active mode that does not get through to the client. */
export function activeRemedy(context: RemedyContext): string[] {
  return [
    passiveModeRemedy(context),
    ...present(clientHelperLine(context)),
    outsideAddressRemedy(context),
    rulesCommand('client'),
  ]
}

export function passiveModeRemedy(context: RemedyContext): string {
  return clientRemedy(context.clientSoftware, 'passive mode', (c) => c.passive)
}

/** Connect to the server as the control connection does, whatever address it announces. */
export function ignoreAnnouncedRemedy({ clientSoftware }: RemedyContext): string {
  return clientRemedy(clientSoftware, 'dial the address of the control connection', (c) => c.ignoreAnnounced)
}

/** Announce the outside address and forward the ports by hand. */
function outsideAddressRemedy({ session, clientSoftware }: RemedyContext): string {
  const { address } = session.client
  const outside = isPublic(address) ? address : 'the outside address of its NAT'
  const meaning = `${outside} announced in active mode`
  const inClient = clientRemedy(clientSoftware, meaning, (c) => c.externalAddress?.(outside))
  return `or ${inClient}, and a fixed range of its ports forwarded to it`
}
