import { defineRule, contextOf, type Evidence } from '../../legacy.js'
import { madeGood, vantageOf } from '../../legacy.js'
import { seconds } from '../../words/quantities.js'
import type { DataChannel, Session } from '../../../correlate/model.js'
import { isPublic, isInside } from '../../../wire/address-scope.js'
import {
  announcementEvidence,
  endpointText,
  icmpEvidence,
  replyEvidence,
  synEvidence,
  refusalOf,
  tryingTime,
} from '../../words/evidence.js'
import { announcesForeignInside, hasFailed, isEstablished, passiveChannels } from '../../facts/passive.js'
import {
  forwardLine,
  outsideAddressOf,
  passiveRange,
  present,
  rulesCommand,
  serverHelperLine,
} from '../../remedies/firewall-remedies.js'
import { clientRemedy } from '../../remedies/settings/client-settings.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

export const passivePrivateAddress = defineRule({
  id: 'passive-private-address',
  title: 'server announces a private address',
  severity: 'error',
  side: 'server',
  level: 'cause',
  explains: ['load-balancer-split', 'passive-address-mismatch', 'passive-port-outlier'],
  proves: 'translator',
  concernsDataSyn: true,
  remedy: ['Let the server announce its outside address'],
  references: ['RFC 959 §4.1.2 (PASV)', 'RFC 1918', 'RFC 6598', 'RFC 3022 §5 (FTP over NAT)'],
  samples: { reports: 'made/passive-private-address.pcap', silent: 'made/passive-private-address--silent.pcap' },
  needs: ['passive'],

  *check(session) {
    for (const channel of passiveChannels(session)) {
      const announcement = channel.announcement!
      if (announcesForeignInside(session, channel)) yield* foreign(session, channel)
      else if (announcement.address !== null && isUnreachableFromOutside(session, channel)) {
        yield {
          confidence: 'medium',
          message: `The server told a client in another network (${session.client.address}) to connect to its private address ${endpointText(announcement.address, announcement.port)}, and no connection arrived. If nothing behind this point of capture translates the announcement, the client cannot reach it.`,
          evidence: [
            announcementEvidence(announcement, `the client is ${session.client.address}`),
            ...refused(channel),
          ],
          remedy: remedies(session, channel.announcement!.address!),
          rivals: ['passive-not-attempted', 'passive-port-unanswered'],
          channel,
        }
      }
    }
  },
})

/** The announced address is a private one, and not the one that the client is connected to. */
function* foreign(session: Session, channel: DataChannel) {
  const announcement = channel.announcement!
  const announced = endpointText(announcement.address, announcement.port)
  const peer = session.server.address
  const first = announcementEvidence(announcement, `the control connection goes to ${peer}`)
  const { connection } = channel
  if (isEstablished(channel)) {
    // From a client inside the same network, or through a VPN, the address may be right: only the detour is worth a word.
    if (channel.match !== 'control-address' || !connection) return
    yield {
      severity: 'warning' as const,
      confidence: 'high' as const,
      message: `The server announced the private address ${announced}; the client ignored it and connected to ${peer} instead. Clients that do as they are told will fail.`,
      evidence: [first, ...synEvidence(connection).slice(0, 1)] as [Evidence, ...Evidence[]],
      remedy: remedies(session, channel.announcement!.address!),
      channel,
    }
    return
  }
  const fell = madeGood(session, channel)
  const tried =
    connection === null
      ? 'No connection to it was seen'
      : channel.state === 'refused'
        ? 'The connection to it was refused'
        : channel.state === 'unreachable'
          ? 'A router reported it as unreachable'
          : `Nobody answered there${tryingTime(connection) > 0 ? ` for ${seconds(tryingTime(connection))}` : ''}`
  const dialled = connection ? connection.responder.address === announcement.address : false
  if (connection && !dialled && hasFailed(channel)) {
    yield {
      confidence: 'medium' as const,
      message: `The server announced the private address ${announced}. The client connected to ${endpointText(connection.responder.address, connection.responder.port)} instead, without success: the port is not open or not forwarded there either.`,
      evidence: [first, ...synEvidence(connection), ...refused(channel)] as [Evidence, ...Evidence[]],
      remedy: remedies(session, channel.announcement!.address!),
      rivals: ['passive-port-unanswered' as const],
      channel,
    }
    return
  }
  yield {
    ...(fell ? { severity: 'warning' as const } : {}),
    confidence: connection ? ('high' as const) : ('medium' as const),
    message: `The server told the client to connect to ${announced}, a private address behind its NAT, while the client is connected to ${peer}. ${tried}.`,
    evidence: [
      first,
      ...(connection ? [...synEvidence(connection), ...connection.icmpErrors.slice(0, 2).map(icmpEvidence)] : []),
      ...refused(channel),
    ] as [Evidence, ...Evidence[]],
    remedy: remedies(session, channel.announcement!.address!),
    ...(connection ? {} : { rivals: ['passive-not-attempted' as const] }),
    channel,
  }
}

/** At the server: a client from outside, an inside address announced, and nothing came. */
function isUnreachableFromOutside(session: Session, channel: DataChannel): boolean {
  return (
    channel.connection === null &&
    isInside(channel.announcement!.address!) &&
    isPublic(session.client.address) &&
    vantageOf(session).at !== 'client' &&
    !madeGood(session, channel)
  )
}

function refused(channel: DataChannel): Evidence[] {
  const reply = refusalOf(channel)
  return reply ? [replyEvidence(reply)] : []
}

function remedies(session: Session, announced: string): string[] {
  const { low, high } = passiveRange(contextOf(session))
  const outside = outsideAddressOf(contextOf(session)) ?? 'OUTSIDE-ADDRESS'
  return [
    serverRemedy(
      session.dialogue.serverSoftware,
      `${outside} announced in 227, and passive ports ${low} to ${high}`,
      (s) =>
        s.passiveAddress && s.passivePorts ? `${s.passiveAddress(outside)}; ${s.passivePorts(low, high)}` : undefined,
    ),
    forwardLine(contextOf(session), outsideAddressOf(contextOf(session)), announced),
    `or ${clientRemedy(session.dialogue.clientSoftware, 'dial the address of the control connection', (c) => c.ignoreAnnounced)}; or EPSV, which names no address`,
    ...present(serverHelperLine(contextOf(session))),
    rulesCommand('server'),
  ]
}
