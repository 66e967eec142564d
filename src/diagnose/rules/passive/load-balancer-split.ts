import type { DataChannel } from '../../../correlate/model.js'
import { isInTurn } from '../../../correlate/places/dialled-elsewhere.js'
import type { Connection } from '../../../tcp/connection.js'
import { negativeReply } from '../../facts/attempt.js'
import { passiveChannels } from '../../facts/passive.js'
import type { PathFacts } from '../../facts/path-facts.js'
import { addressOf } from '../../facts/payload.js'
import { type OtherServer, otherServer, serverThatRefused } from '../../facts/other-server.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { lvsLines } from '../../remedies/firewall-remedies.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import {
  announcementEvidence,
  at,
  endpointText,
  type Evidence,
  replyEvidence,
  resetEvidence,
} from '../../words/evidence.js'

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
  servers?: OtherServer['servers']
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

  *check(session, facts) {
    const { path } = facts
    for (const channel of passiveChannels(session)) {
      const { connection, state } = channel
      if (path && !connection) yield* neverCame(facts, path, channel)
      if (!connection || connection.responder.address !== session.server.address) continue
      const reply = negativeReply(channel)
      const failed = state === 'refused' || state === 'closed-early' || (state === 'established' && reply?.code === 425)
      if (!failed) continue
      const differences = differencesOf(session.control, connection)
      const data = path?.connectionPath(connection)
      const other = path && data ? serverThatRefused(path, data) : null
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
          ...(other ? otherEvidence(other) : []),
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

/**
 * The data connection came to another server: nothing but its port, client and time says that it was the announced one.
 */
function* neverCame(facts: SessionFacts, path: PathFacts, channel: DataChannel): Generator<Observation<Split>> {
  const data = path.dialledElsewhere(channel)
  const other = data && otherServer(path, data)
  if (!other || facts.madeGood(channel)) return
  const { address, port } = channel.to
  const reply = negativeReply(channel)
  const isRefused = other.reset !== null && isInTurn(facts.session, channel, other.time, CLOCK_ERROR_NS)
  yield {
    fact: { kind: 'split', target: endpointText(address, port), differences: [], servers: other.servers },
    confidence: isRefused ? 'high' : 'medium',
    evidence: [
      announcementEvidence(channel.announcement!),
      ...otherEvidence(other),
      ...(reply ? [replyEvidence(reply)] : []),
    ],
    rivals: isRefused ? [] : ['passive-not-attempted'],
    channel,
  }
}

/** Clocks of servers that are kept by NTP are closer than this. */
const CLOCK_ERROR_NS = 2e9

function otherEvidence({ servers, syn, reset }: OtherServer): Evidence[] {
  return [
    at({ frame: syn }, `SYN to ${servers.data}`),
    ...(reset === null ? [] : [at({ frame: reset }, `RST from ${servers.data}`)]),
  ]
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
