import type { DataChannel } from '../../../correlate/model.js'
import { privateAnnouncement } from '../../facts/announced-address.js'
import { type Failure, negativeReply } from '../../facts/attempt.js'
import { isEstablished, passiveChannels } from '../../facts/passive.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import {
  forwardLine,
  outsideAddressOf,
  passiveRange,
  present,
  rulesCommand,
  serverHelperLine,
} from '../../remedies/firewall-remedies.js'
import { addressNote, ignoreAnnouncedRemedy, UNKNOWN_ADDRESS } from '../../remedies/mode-remedies.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Observation } from '../../rule.js'
import {
  announcementEvidence,
  endpointText,
  type Evidence,
  openingEvidence,
  replyEvidence,
  synEvidence,
} from '../../words/evidence.js'
import { seconds } from '../../words/quantities.js'
import { isPublic } from '../../../wire/address-scope.js'
import { neverTried } from '../not-attempted.js'
import { type PrivateAddress, privateAddressFact } from '../private-address.js'

export type Kind =
  /** The client successfully connected to the server's address in the control connection instead. */
  | 'ignored'
  /** It tried another address instead, without success. */
  | 'elsewhere'
  /** The server is behind a NAT, and the client tried the private address, or made no attempt. */
  | 'behind-nat'
  /** The capture was taken inside the server's NAT, and no connection came from the client outside. */
  | 'own'
  /** Under TLS: the length of the 227 excludes the server's own address, and no connection was captured. */
  | 'excluded'

export interface PassivePrivateAddress extends PrivateAddress<Kind> {
  /** The private address alone; `null` where only its length is known. */
  address: string | null
  /** Characters that the address may have, where only its length is known. */
  characters?: { least: number; most: number }
  /** What the client connected to, as text; `null` where no connection was captured. */
  target: string | null
  /** The outcome of its SYNs; `null` where none was captured, or the connection was established. */
  result: Failure['result'] | null
  /** From the first SYN to the last. */
  spanNs: number
}

export type Found = Generator<Observation<PassivePrivateAddress>>

export const passivePrivateAddress = defineRule<PassivePrivateAddress>({
  id: 'passive-private-address',
  title: 'server announces a private address',
  severity: 'error',
  side: 'server',
  level: 'cause',
  judgesAddress: true,
  explains: ['load-balancer-split', 'passive-address-mismatch', 'passive-port-outlier'],
  proves: 'translator',
  concernsDataSyn: true,
  references: ['RFC 959 §4.1.2 (PASV)', 'RFC 1918', 'RFC 6598', 'RFC 3022 §5 (FTP over NAT)'],
  samples: { reports: 'made/passive-private-address.pcap', silent: 'made/passive-private-address--silent.pcap' },
  needs: ['passive'],

  *check(session, facts) {
    for (const channel of passiveChannels(session)) {
      const reach = privateAnnouncement(session, channel)
      if (reach === 'own') yield* notReached(facts, channel)
      else if (reach === 'behind-nat') yield* isEstablished(channel) ? ignored(facts, channel) : failed(facts, channel)
    }
    yield* excluded(facts)
  },

  texts: {
    message({ kind, announced, client, server, target, result, spanNs, characters }) {
      switch (kind) {
        case 'ignored': {
          const instead = `the client ignored it and connected to ${server} instead`
          const others = 'Clients that use the announced address will fail.'
          return `The server announced the private address ${announced}; ${instead}. ${others}`
        }
        case 'elsewhere': {
          const failure = 'the port is not open or not forwarded there either'
          const attempt = `The client tried ${target!} instead, without success: ${failure}.`
          return `The server announced the private address ${announced}. ${attempt}`
        }
        case 'behind-nat': {
          const order = `to connect to ${announced}, a private address behind its NAT`
          const attempt = result === 'silent' || result === 'half-open' ? silence(spanNs) : ATTEMPTS[result ?? 'none']
          return `The server told the client ${order}, while the client is connected to ${server}. ${attempt}.`
        }
        case 'own': {
          const order = `to connect to its private address ${announced}, and no connection arrived`
          const doubt =
            'Unless a NAT between here and the client translates the announcement, the client cannot reach it.'
          return `The server told a client in another network (${client}) ${order}. ${doubt}`
        }
        case 'excluded': {
          const own = `its own, ${server}, has ${server.length}`
          const none = 'No data connection to it was captured.'
          return `The server's 227 is of a length at which its address has ${lengthWords(characters!)}; ${own}. ${fittingWords(characters!)} ${none}`
        }
      }
    },
  },

  remedy({ address }, context) {
    const { low, high } = passiveRange(context)
    const known = outsideAddressOf(context)
    const outside = known ?? UNKNOWN_ADDRESS
    const meaning = `announce ${known ?? 'its public address'} in 227 replies, with passive ports ${low} to ${high}`
    const announce = serverRemedy(context.serverSoftware, meaning, ({ passiveAddress, passivePorts }) =>
      passiveAddress && passivePorts ? `${passiveAddress(outside)}; ${passivePorts(low, high)}` : undefined,
    )
    return [
      announce + addressNote(announce),
      forwardLine(context, known, address ?? 'its private address'),
      `or ${ignoreAnnouncedRemedy(context)}`,
      'or use EPSV, whose reply names no address',
      ...present(serverHelperLine(context)),
      rulesCommand('server'),
    ]
  },
})

/** Private networks (RFC 1918 §3), and how many characters their addresses have. */
const PRIVATE_FORMS = [
  { form: '10.x.x.x', least: '10.0.0.0'.length, most: '10.255.255.255'.length },
  { form: '172.16.x.x to 172.31.x.x', least: '172.16.0.0'.length, most: '172.31.255.255'.length },
  { form: '192.168.x.x', least: '192.168.0.0'.length, most: '192.168.255.255'.length },
] as const

type Characters = NonNullable<PassivePrivateAddress['characters']>

function formsThatFit({ least, most }: Characters): string[] {
  return PRIVATE_FORMS.filter((each) => each.most >= least && each.least <= most).map(({ form }) => form)
}

function lengthWords({ least, most }: Characters): string {
  return least === most ? `${least} characters` : `${least} to ${most} characters`
}

function fittingWords(characters: Characters): string {
  return `A private address behind its NAT fits: ${formsThatFit(characters).join(', ')}.`
}

const ATTEMPTS = {
  none: 'No connection to it was captured',
  refused: 'The connection to it was refused',
  unreachable: 'A router reported it as unreachable',
} as const

function silence(spanNs: number): string {
  return spanNs > 0 ? `No answer was captured in ${seconds(spanNs)}` : 'No answer was captured'
}

/** The data connection was established in spite of the address. */
function* ignored(facts: SessionFacts, channel: DataChannel): Found {
  // From a client inside the same network, or through a VPN, the address may be right: only the detour is reported.
  if (channel.match !== 'control-address') return
  yield {
    fact: factOf(facts, channel, 'ignored'),
    severity: 'warning',
    confidence: 'high',
    evidence: [controlEvidence(facts, channel), ...synEvidence(channel.connection!).slice(0, 1)],
    channel,
  }
}

function* failed(facts: SessionFacts, channel: DataChannel): Found {
  const { connection, announcement } = channel
  const first = controlEvidence(facts, channel)
  if (connection && connection.responder.address !== announcement!.address) {
    yield {
      fact: factOf(facts, channel, 'elsewhere'),
      confidence: 'medium',
      evidence: [first, ...openingEvidence(connection), ...refusalEvidence(channel)],
      rivals: ['passive-port-unanswered'],
      channel,
    }
    return
  }
  const packets = connection ? openingEvidence(connection) : []
  yield {
    fact: factOf(facts, channel, 'behind-nat'),
    confidence: connection ? 'high' : 'medium',
    evidence: [first, ...packets, ...refusalEvidence(channel)],
    rivals: connection ? [] : ['passive-not-attempted'],
    channel,
  }
}

/** At the server: a client from outside, a private address announced, and no connection arrived. */
function* notReached(facts: SessionFacts, channel: DataChannel): Found {
  if (channel.connection || facts.vantage.at === 'client' || facts.madeGood(channel)) return
  const note = `the client is ${facts.session.client.address}`
  yield {
    fact: factOf(facts, channel, 'own'),
    confidence: 'medium',
    evidence: [announcementEvidence(channel.announcement!, note), ...refusalEvidence(channel)],
    rivals: ['passive-not-attempted', 'passive-port-unanswered'],
    channel,
  }
}

/** Under TLS only the length of the 227 is known. No private address is as long as some public ones, nor as short. */
function* excluded(facts: SessionFacts): Found {
  const { client, server } = facts.session
  if (!isPublic(server.address)) return
  for (const { channel, announcement, reply } of neverTried(facts, 'passive')) {
    const characters = announcement.foreignAddress
    if (!characters || announcement.verb !== 'PASV' || formsThatFit(characters).length === 0) continue
    if (!channel.transfer && facts.lastAccepted > channel.id) continue
    yield {
      fact: {
        kind: 'excluded',
        announced: `an address of ${lengthWords(characters)}`,
        client: client.address,
        server: server.address,
        address: null,
        characters,
        target: null,
        result: null,
        spanNs: 0,
      },
      confidence: facts.filtered ? 'low' : 'medium',
      evidence: [
        announcementEvidence(announcement, `the control connection goes to ${server.address}`),
        ...(reply ? [replyEvidence(reply)] : []),
      ],
      rivals: ['passive-address-mismatch', 'passive-not-attempted'],
      channel,
    }
  }
}

function factOf(facts: SessionFacts, channel: DataChannel, kind: Kind): PassivePrivateAddress {
  const attempt = facts.attempt(channel)
  const { connection, announcement } = channel
  return {
    ...privateAddressFact(facts.session, channel, kind),
    address: announcement!.address!,
    target: connection && endpointText(connection.responder.address, connection.responder.port),
    result: attempt?.failure.result ?? null,
    spanNs: attempt?.span ?? 0,
  }
}

function controlEvidence({ session }: SessionFacts, { announcement }: DataChannel): Evidence {
  return announcementEvidence(announcement!, `the control connection goes to ${session.server.address}`)
}

function refusalEvidence(channel: DataChannel): Evidence[] {
  const reply = negativeReply(channel)
  return reply ? [replyEvidence(reply)] : []
}
