import { defineRule, madeGood } from '../../legacy.js'
import { isPublic } from '../../../wire/address-scope.js'
import {
  announcementEvidence,
  endpointText,
  refusalOf,
  replyEvidence,
  resetEvidence,
  synEvidence,
} from '../../words/evidence.js'
import {
  announcesForeignInside,
  announcesOutsideFromInside,
  isEstablished,
  isUnusable,
  passiveChannels,
} from '../../facts/passive.js'
import { clientRemedy } from '../../remedies/settings/client-settings.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

export const passiveAddressMismatch = defineRule({
  id: 'passive-address-mismatch',
  title: 'server announces another public address',
  severity: 'error',
  side: 'server',
  level: 'cause',
  concernsDataSyn: true,
  remedy: ['Announce the address that clients connect to'],
  references: ['RFC 959 §5.2 (transfers between two servers)', 'RFC 2577 §3'],
  samples: { reports: 'made/passive-address-mismatch.pcap', silent: 'made/passive-address-mismatch--silent.pcap' },
  needs: ['passive'],

  *check(session) {
    const peer = session.server.address
    for (const channel of passiveChannels(session)) {
      const announcement = channel.announcement!
      const { address } = announcement
      if (address === null || address === peer || channel.match === 'translated') continue
      if (announcesForeignInside(session, channel) || announcesOutsideFromInside(session, channel)) continue
      if (!isPublic(address) || isUnusable(session, channel)) continue
      const { connection } = channel
      const works = isEstablished(channel) && channel.transfer?.outcome !== 'failed'
      // Announced to another server, nothing to dial for this client: FXP, which works or fails elsewhere.
      const isThirdParty = connection === null && channel.transfer?.outcome === 'completed'
      const reply = refusalOf(channel)
      const reset = connection?.resets.find((r) => r.answersSyn)
      yield {
        severity: works || isThirdParty ? 'info' : madeGood(session, channel) ? 'warning' : 'error',
        confidence: connection ? 'high' : 'medium',
        message: works
          ? `The server announced ${endpointText(address, announcement.port)} although the client is connected to ${peer}; the data connection came about${channel.match === 'control-address' ? ` to ${peer}, because the client ignored the announced address` : ''}.`
          : isThirdParty
            ? `The server announced ${endpointText(address, announcement.port)} although the client is connected to ${peer}; the transfer was completed without a connection from this client: a transfer between two servers (FXP), or one that was not captured.`
            : `The server told the client to connect to ${endpointText(address, announcement.port)} although the client is connected to ${peer}; ${connection ? 'the data connection failed' : 'no data connection was seen'}.`,
        evidence: [
          announcementEvidence(announcement, `the control connection goes to ${peer}`),
          ...(connection ? synEvidence(connection) : []),
          ...(reset && connection ? [resetEvidence(reset, connection.responder.address)] : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        remedy: [
          serverRemedy(session.dialogue.serverSoftware, `${peer} announced in 227`, (s) => s.passiveAddress?.(peer)),
          `or ${clientRemedy(session.dialogue.clientSoftware, 'dial the address of the control connection', (c) => c.ignoreAnnounced)}; or EPSV, which names no address`,
        ],
        channel,
      }
    }
  },
})
