import { type Connection, Direction } from '../../../tcp/connection.js'
import { TcpFlag } from '../../../wire/packet.js'
import { negativeReply } from '../../facts/attempt.js'
import { passiveChannels } from '../../facts/passive.js'
import type { PathFacts } from '../../facts/path-facts.js'
import { addressOf } from '../../facts/payload.js'
import { hopsPassed } from '../../facts/vantage-clues.js'
import { lvsLines } from '../../remedies/firewall-remedies.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, at, endpointText, replyEvidence, resetEvidence } from '../../words/evidence.js'

/** How the host that answered the data connection differs from that of the control connection. */
export type Difference =
  /** The values of the two; -1 where a SYN,ACK has no such option. */
  | { trait: 'ttl' | 'mss' | 'windowScale'; control: number; data: number }
  /** Only one uses the timestamps option, or both do with clocks that do not match. */
  | { trait: 'timestamps' | 'timestampClock' }

export interface Split extends Fact {
  kind: 'split'
  /** Address and port of the data connection, as text. */
  target: string
  differences: Difference[]
  /** The servers' own addresses, and the captures made there; absent unless both were captured. */
  servers?: { control: string; controlFile: string; data: string; dataFile: string }
}

export const loadBalancerSplit = defineRule<Split>({
  id: 'load-balancer-split',
  title: 'load balancer splits control and data connections',
  severity: 'error',
  side: 'server-network',
  level: 'cause',
  concernsDataSyn: true,
  tellsWhere: ({ servers }) => servers !== undefined,
  references: ['Linux Virtual Server: persistence, ip_vs_ftp, persistent firewall marks', 'RFC 959 §3.2'],
  samples: { reports: 'made/load-balancer-split.pcap', silent: 'made/load-balancer-split--silent.pcap' },
  needs: ['passive'],

  *check(session, { path }) {
    for (const channel of passiveChannels(session)) {
      const { connection, state } = channel
      if (!connection || connection.responder.address !== session.server.address) continue
      const reply = negativeReply(channel)
      const failed = state === 'refused' || state === 'closed-early' || (state === 'established' && reply?.code === 425)
      if (!failed) continue
      const differences = differencesOf(session.control, connection)
      const other = path && otherServer(path, connection)
      if (differences.length === 0 && !other) continue
      const target = endpointText(connection.responder.address, connection.responder.port)
      const [answer] = connection.synAcks
      const [reset] = connection.resets
      yield {
        fact: { kind: 'split', target, differences, ...(other && { servers: other.servers }) },
        confidence: other || differences.length > 1 ? 'high' : 'medium',
        evidence: [
          announcementEvidence(channel.announcement!),
          ...(answer ? [at(answer, `SYN,ACK from ${target}`)] : []),
          ...(reset ? [resetEvidence(reset, addressOf(connection, reset.direction))] : []),
          ...(other ? [at({ frame: other.syn }, `SYN to ${other.servers.data}`)] : []),
          ...(other ? [at({ frame: other.reset }, `RST from ${other.servers.data}`)] : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        rivals: state === 'refused' && !other ? ['passive-port-refused'] : [],
        channel,
      }
    }
  },

  texts: {
    message({ target, differences, servers }) {
      if (servers) {
        const { control, controlFile, data, dataFile } = servers
        const reached = `The control connection reached ${control} (${controlFile}), the data connection to ${target}`
        return `${reached} reached ${data} (${dataFile}): a load balancer sent the two to different servers.`
      }
      const split = `The data connection to ${target} was not answered by the host of the control connection`
      const unlike = differences.map(differenceWords).join(', ')
      return `${split}: ${unlike}. A load balancer sent the two to different servers.`
    },
  },

  remedy: (_fact, context) => [
    ...lvsLines(context),
    `other balancers: source-address persistence across port ${context.session.server.port} and the passive ports`,
    'or give each server its own passive range, forwarded to that server only',
  ],
})

interface OtherServer {
  servers: NonNullable<Split['servers']>
  /** Frames of the SYN there, and of the RST that answered it. */
  syn: number
  reset: number
}

/**
 * The server that got a data connection and refused it, and that of the control connection, where each was captured:
 * the RST has the hop limit that its host gave it, so none but that host can have sent it.
 */
function otherServer(path: PathFacts, connection: Connection): OtherServer | null {
  const data = path.connectionPath(connection)
  const { control } = path.path
  const [slot, controlSlot] = [data?.slots.at(-1), control.slots.at(-1)]
  if (!data || data.isTurned || slot === undefined || controlSlot === undefined) return null
  if (control.slots.includes(slot) || data.slots.includes(controlSlot)) return null
  const [there, usual] = [data.path.observations.at(-1)!, control.path.observations.at(-1)!]
  if (path.positions[controlSlot] !== 'server' || there.responder.address === usual.responder.address) return null
  const { log } = there
  const rows = Array.from({ length: log.size }, (_, row) => row).filter((row) => !log.isIcmp(row))
  const syn = rows.find((row) => log.direction(row) === Direction.FromInitiator && (log.flags(row) & TcpFlag.Syn) !== 0)
  const reset = rows.find(
    (row) =>
      log.direction(row) === Direction.FromResponder &&
      (log.flags(row) & TcpFlag.Rst) !== 0 &&
      hopsPassed(log.hopLimit(row)) === 0,
  )
  if (syn === undefined || reset === undefined) return null
  return {
    servers: {
      control: usual.responder.address,
      controlFile: path.places[controlSlot]!.file,
      data: endpointText(there.responder.address, there.responder.port),
      dataFile: path.places[slot]!.file,
    },
    syn: log.frame(syn),
    reset: log.frame(reset),
  }
}

/** Initial TTLs differ by at least this much; a smaller difference may be that of a firewall on the path. */
const MIN_RESET_DIFFERENCE = 32

/**
 * From a SYN,ACK all values that its system chooses; from a RST only the hop limit, and only where its initial value
 * differs: any other difference may come from a firewall that sent the RST.
 */
function differencesOf(control: Connection, data: Connection): Difference[] {
  const [usual, seen] = [control.flows[1], data.flows[1]]
  const differences: Difference[] = []
  if (data.synAckAttempts === 0 || control.synAckAttempts === 0) {
    const hopLimit = data.resets.find(({ answersSyn }) => answersSyn)?.hopLimit ?? usual.hopLimit
    if (Math.abs(hopLimit - usual.hopLimit) < MIN_RESET_DIFFERENCE) return []
    return [{ trait: 'ttl', control: usual.hopLimit, data: hopLimit }]
  }
  const compare = (trait: 'ttl' | 'mss' | 'windowScale', ofControl: number, ofData: number): void => {
    if (ofControl !== ofData) differences.push({ trait, control: ofControl, data: ofData })
  }
  compare('ttl', usual.hopLimit, seen.hopLimit)
  compare('mss', usual.maximumSegmentSize, seen.maximumSegmentSize)
  compare('windowScale', usual.windowScale, seen.windowScale)
  if (usual.timestampValue >= 0 !== seen.timestampValue >= 0) differences.push({ trait: 'timestamps' })
  // Some systems start a new clock for each connection, so this only supports other differences.
  else if (differences.length > 0 && usual.timestampValue >= 0 && clocksDiffer(control, data))
    differences.push({ trait: 'timestampClock' })
  return differences
}

/** TSval is a clock in ms or close to it; Linux offsets it per host pair, so two connections agree (RFC 7323 §5.4). */
function clocksDiffer(control: Connection, data: Connection): boolean {
  const elapsedMs = (data.synAcks.at(-1)!.time - control.synAcks.at(-1)!.time) / 1e6
  const ticks = (data.flows[1].timestampValue - control.flows[1].timestampValue) | 0
  // 1 to 1000 ticks a second are allowed (RFC 7323 §5.4): backwards or ten times too fast indicates another clock.
  return ticks < -1000 || ticks > elapsedMs * 10 + 10_000
}

const TRAITS = { ttl: 'TTL', mss: 'MSS', windowScale: 'window scale' }

function differenceWords(difference: Difference): string {
  switch (difference.trait) {
    case 'timestamps':
      return 'TCP timestamps used by only one of them'
    case 'timestampClock':
      return 'a different TCP timestamp clock'
    default:
      return `${TRAITS[difference.trait]} ${difference.data} instead of ${difference.control}`
  }
}
