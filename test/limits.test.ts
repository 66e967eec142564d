/**
 * What a cap bounds for each session, connection, pair of hosts or file has a cap over all of them, in bytes: the
 * constants of the stages are found in their sources, so that a new one is noticed.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEFAULT_FTP_LIMITS } from '../src/ftp/limits.js'
import { DATA_CONNECTION_BYTES, MAX_EARLY, MOST_UNEXPLAINED } from '../src/correlate/data-connections.js'
import * as pairs from '../src/correlate/host-pairs.js'
import * as same from '../src/correlate/same-session.js'
import { MOST_HELD_BYTES } from '../src/correlate/places/held-places.js'
import { SESSION_BYTES } from '../src/correlate/open-sessions.js'
import { KEPT_PER_SESSION, LEAST_SESSIONS } from '../src/correlate/session-tracker.js'
import { RECORD_BYTES } from '../src/ftp/session.js'
import { MOST_SHARED } from '../src/tcp/connection-registry.js'
import { BUCKET_BYTES, MOST_BUCKETS } from '../src/tcp/duplicates.js'
import { AHEAD_COST, HEAD, MOST_AHEAD } from '../src/tcp/flow-facts.js'
import { MAX_REQUESTS, MAX_SELECTIVE, RANGE_BYTES, REQUEST_BYTES } from '../src/tcp/receiver-reports.js'
import { HOLE_BYTES, MAX_HOLES } from '../src/tcp/sequence.js'
import { ROOT } from './support/captures.js'

const STAGES = ['bytes', 'capture', 'wire', 'tcp', 'tls', 'ftp', 'correlate'] as const
const MIB = 1 << 20

/** Bytes of everything that open sessions hold. */
const SESSIONS = KEPT_PER_SESSION * LEAST_SESSIONS

/** Caps in bytes over all sessions, connections and files, by default. */
const TOTALS = {
  sessions: SESSIONS,
  shared: MOST_SHARED,
  waiting: 32 * MIB,
  fragments: 16 * MIB,
  'held sessions': MOST_HELD_BYTES,
  'past sessions': pairs.MOST_REMEMBERED_BYTES,
  'past announcements': same.MOST_REMEMBERED_BYTES,
  comments: 4 * MIB,
  secrets: 64 * MIB,
  'held records': 64 * MIB,
  frame: 129 * MIB,
} as const
type Total = keyof typeof TOTALS

/** The most that caps multiply to which have no total of their own. */
const SMALL = 8 * MIB

/**
 * How each constant is bounded: by a total to which the code counts it, by what it multiplies to, or as work on one
 * thing of which nothing is kept.
 */
type Bound = { total: Total } | { product: number } | 'work'

const CAPS: Readonly<Record<string, Bound>> = {
  'bytes/text.ts KEPT_RUN': { product: 128 * 128 * 8 },
  'capture/limits.ts LARGEST_FRAME_BYTES': { total: 'frame' },
  'capture/limits.ts LARGEST_PACKET_BLOCK_BYTES': { total: 'frame' },
  'capture/limits.ts LARGEST_KEPT_BLOCK_BYTES': { total: 'frame' },
  'capture/limits.ts LARGEST_SEARCHED_BLOCK_BYTES': { total: 'frame' },
  'capture/limits.ts MOST_INTERFACES': { product: 65_536 * 100 },
  'capture/limits.ts MOST_LINK_TYPES': { product: 64 * 8 },
  'capture/limits.ts MOST_COMMENTS': { total: 'comments' },
  'capture/limits.ts MOST_SECRETS': { total: 'secrets' },
  'capture/limits.ts MOST_FILES_FULL': { total: 'secrets' },
  'capture/pcap-layout.ts MOST_INTERFACE_INDEX': 'work',
  'capture/time.ts LONGEST_PAUSE_NS': 'work',
  'wire/datagram.ts LARGEST': { total: 'fragments' },
  'wire/sack.ts MAX_BLOCKS': 'work',
  'wire/tcp-options.ts LARGEST_WINDOW_SCALE': 'work',
  'tcp/causal-order.ts MAX_QUEUED': { total: 'waiting' },
  'tcp/connection-registry.ts MOST_SHARED': { total: 'shared' },
  'tcp/connection-registry.ts MOST_ENDED': { product: 4096 * 200 },
  'tcp/continuity.ts MAX_STEP': 'work',
  'tcp/doubts.ts MOST_DOUBTS': { total: 'sessions' },
  'tcp/held-segments.ts MOST_HELD': { total: 'shared' },
  'tcp/held-segments.ts LONGEST_HELD': { total: 'shared' },
  'tcp/receive-window.ts MOST_SCALED': 'work',
  'tcp/receiver-reports.ts MAX_AHEAD': 'work',
  'tcp/receiver-reports.ts MAX_REQUESTS': { total: 'shared' },
  'tcp/receiver-reports.ts MAX_SELECTIVE': { total: 'shared' },
  'tcp/sender-marks.ts MOST_HOP_LIMITS': { total: 'sessions' },
  'tcp/delivered-bytes.ts LONGEST': { total: 'sessions' },
  'tcp/delivered-bytes.ts MOST_SPARE': { product: 256 * (4096 + 1024 + 256) },
  'tcp/duplicates.ts MOST_BUCKETS': { total: 'shared' },
  'tcp/flow-facts.ts LONGEST_ACK_DELAY_NS': 'work',
  'tcp/flow-facts.ts MAX_AHEAD': 'work',
  'tcp/tls-tail.ts KEPT': { total: 'sessions' },
  'tcp/tls-tail.ts LONGEST_ALERT': 'work',
  'tcp/flow-facts.ts MOST_AHEAD': { total: 'shared' },
  'tcp/followed-connection.ts MAX_AHEAD': 'work',
  'tcp/payload-reader.ts LONGEST_WAITING': { total: 'shared' },
  'tcp/sequence.ts MAX_HOLES': { total: 'shared' },
  'tcp/unseen.ts MAX_UNSEEN': { total: 'sessions' },
  'tcp/waiting-streams.ts MOST_WAITING': { total: 'waiting' },
  'ftp/announcements/extended-passive-reply.ts MAX_FIELD': 'work',
  'ftp/announcements/extended-passive-reply.ts MAX_TRIES': 'work',
  'ftp/announcements/host-port.ts LARGEST_OCTET': 'work',
  'ftp/announcements/number-run.ts MAX_RUNS': 'work',
  'ftp/announcements/port-argument.ts MAX_EPRT': 'work',
  'ftp/command.ts LONGEST_VERB': 'work',
  'ftp/command.ts MOST_STRAY': 'work',
  'ftp/recognition/binary-request.ts LONGEST': 'work',
  'ftp/secrets/dialogue-secrets.ts MOST_TORN': 'work',
  'ftp/secrets/secret-arguments.ts LONGEST_RECODED': 'work',
  'ftp/secrets/secret-arguments.ts MOST_TAILS': 'work',
  'ftp/secrets/secret-search.ts LONGEST_SEARCHED': 'work',
  'ftp/exchange-log.ts KEPT_CHARACTERS': { total: 'sessions' },
  'ftp/lines/line-splitter.ts LARGEST_SCRATCH': { product: 64 * 1024 },
  'ftp/reply.ts MAX_DOUBTFUL': { total: 'sessions' },
  'ftp/software/client-habits.ts MOST': { total: 'sessions' },
  'ftp/software/client-software.ts MAX_NAME': { total: 'sessions' },
  'ftp/software/server-software.ts MAX_TEXT': 'work',
  'ftp/software/server-software.ts MAX_KNOWN': { product: 256 * 2 * 512 },
  'ftp/software/server-software.ts LONGEST_KNOWN': { product: 256 * 2 * 512 },
  'ftp/software/server-software.ts MAX_REPLIES': 'work',
  'ftp/state/features.ts MAX_FEATURES': { total: 'sessions' },
  'ftp/state/stated-sizes.ts MAX_PATHS': { total: 'sessions' },
  'ftp/state/stated-sizes.ts MAX_SIZE_TEXT': 'work',
  'ftp/state/stated-sizes.ts MAX_TEXT': 'work',
  'ftp/state/stated-sizes.ts MAX_END': 'work',
  'ftp/state/transfers.ts MAX_TEXT': 'work',
  'ftp/state/working-directory.ts MAX_PATH': { total: 'sessions' },
  'ftp/state/working-directory.ts MAX_TEXT': 'work',
  'ftp/inference/grammar.ts MOST_PENDING': 'work',
  'ftp/inference/infer.ts MOST_RECORDS': 'work',
  'ftp/inference/lattice.ts MAX_STATES': 'work',
  'ftp/inference/lengths.ts LONGEST': 'work',
  'ftp/tls/tls-observer.ts MAX_ALERTS': { total: 'sessions' },
  'ftp/tls/tls-observer.ts MAX_RECORDS': { total: 'sessions' },
  'tls/certificates/asn1.ts MAX_DEPTH': 'work',
  'tls/certificates/asn1.ts MAX_VALUES': 'work',
  'tls/certificates/certificate-cache.ts KEPT_CERTIFICATES': { product: 64 * 3 * 32 * 1024 },
  'tls/certificates/certificate.ts MAX_DNS_NAME': 'work',
  'tls/certificates/certificate.ts MAX_NAMES': 'work',
  'tls/certificates/certificate.ts MAX_SERIAL': 'work',
  'tls/certificates/distinguished-name.ts MAX_NAME': 'work',
  'tls/certificates/distinguished-name.ts MAX_VALUE': 'work',
  'tls/connection/handshake-messages.ts MAX_MESSAGE': { total: 'held records' },
  'tls/connection/key-finder.ts MAX_KEYS': 'work',
  'tls/connection/negotiation.ts MAX_STRANGERS': 'work',
  'tls/connection/negotiation.ts MAX_TRANSCRIPT': { total: 'sessions' },
  'tls/connection/opener.ts MAX_FAILURES': 'work',
  'tls/connection/sampling.ts LONGEST_MESSAGE': 'work',
  'tls/connection/sampling.ts LONGEST_TAIL': 'work',
  'tls/connection/sampling.ts MOST_LONG': { total: 'held records' },
  'tls/connection/sampling.ts MOST_SHORT_BYTES': { total: 'held records' },
  'tls/handshake-bodies.ts MAX_CERTIFICATES': { total: 'sessions' },
  'tls/handshake-bodies.ts MAX_CHAIN': { total: 'sessions' },
  'tls/hello-details.ts MAX_NAME': { total: 'sessions' },
  'tls/hello-details.ts MAX_SUITES': { total: 'sessions' },
  'tls/hello.ts LONGEST_SESSION_ID': 'work',
  'tls/hello.ts MAX_PROTOCOLS': { total: 'sessions' },
  'tls/keys/key-log.ts MAX_GENERATION': 'work',
  'tls/keys/key-log.ts MAX_LINE': 'work',
  'tls/keys/key-log.ts MAX_PROBLEMS': 'work',
  'tls/keys/rsa-private-key.ts MAX_BLOCKS': 'work',
  'tls/keys/rsa-private-key.ts MAX_BYTES': 'work',
  'tls/keys/rsa-private-key.ts MAX_MODULUS': 'work',
  'tls/keys/secret-store.ts MAX_BYTES': { total: 'secrets' },
  'tls/keys/secret-store.ts MAX_PRIVATE_KEYS': { product: 64 * 16 * 1024 },
  'tls/keys/session-cache.ts MAX_SESSIONS': { product: 65_536 * 128 },
  'tls/record-layer.ts MAX_RECORD': { total: 'held records' },
  'tls/tls-decoder.ts MAX_ALERTS': { total: 'sessions' },
  'tls/tls-decoder.ts MAX_EARLY': 'work',
  'correlate/surroundings/address-requests.ts MOST_ADDRESSES': { product: 256 * 2 * 300 },
  'correlate/surroundings/surroundings.ts MOST_KINDS': { product: 1024 * 5 * 400 },
  'correlate/surroundings/surroundings.ts MOST_LOOKED': 'work',
  'correlate/data-connections.ts MAX_EXPECTATIONS': { total: 'sessions' },
  'correlate/data-connections.ts MAX_UNEXPLAINED': { total: 'sessions' },
  'correlate/places/held-places.ts MOST_HELD_BYTES': { total: 'held sessions' },
  'correlate/data-connections.ts MOST_UNEXPLAINED': { total: 'sessions' },
  'correlate/content/tls-content-reader.ts MAX_CLEAR': { total: 'sessions' },
  'correlate/content/undecided-bytes.ts MOST_UNDECIDED': { total: 'sessions' },
  'correlate/content/undecided-bytes.ts MOST_PLACES': { total: 'sessions' },
  'correlate/data-connections.ts MAX_ASKED': 'work',
  'correlate/data-connections.ts MAX_EARLY': { total: 'sessions' },
  'correlate/exchanges.ts MAX_REMEMBERED': { product: 1024 * 500 },
  'correlate/expectations.ts MAX_PER_PORT': { total: 'sessions' },
  'correlate/fit.ts MAX_ANSWERS': { total: 'sessions' },
  'correlate/hidden-dialogue.ts MOST_OPENINGS': 'work',
  'correlate/hidden-payload.ts MOST_TICKETS': 'work',
  'correlate/hidden-targets.ts MAX_ELSEWHERE': { total: 'sessions' },
  'correlate/host-pairs.ts MAX_ACCEPTED': { total: 'past sessions' },
  'correlate/host-pairs.ts MAX_REMEMBERED_PAIRS': { total: 'past sessions' },
  'correlate/host-pairs.ts MAX_REMEMBERED_SESSIONS': { total: 'past sessions' },
  'correlate/host-pairs.ts MOST_REMEMBERED_BYTES': { total: 'past sessions' },
  'correlate/host-pairs.ts MAX_REJECTED': { total: 'past sessions' },
  'correlate/host-pairs.ts MAX_PASSIVE': { total: 'past sessions' },
  'correlate/host-pairs.ts MAX_COMPARED': 'work',
  'correlate/same-session.ts MAX_REMEMBERED': { total: 'past announcements' },
  'correlate/same-session.ts MOST_REMEMBERED_BYTES': { total: 'past announcements' },
  'correlate/servers-of-clients.ts MAX_CLIENTS': { product: 4096 * 16 * 100 },
  'correlate/servers-of-clients.ts MAX_SERVERS': { product: 4096 * 16 * 100 },
  'correlate/probes/check-log.ts MAX_CHECKS': { product: 4096 * 500 },
  'correlate/probes/flood-watch.ts MAX_INTERVALS': { product: 1024 * 8 * 64 },
  'correlate/probes/flood-watch.ts MAX_PORTS': { product: 1024 * 8 * 64 },
  'correlate/probes/held-sessions.ts MAX_HELD': { product: 1024 * 8192 },
  'correlate/probes/initiator-survey.ts MAX_CONTROL_PORTS': 'work',
  'correlate/probes/initiator-survey.ts MAX_EXAMINED': 'work',
  'correlate/probes/other-traffic-log.ts MAX_CLIENTS': { product: 256 * 256 * 100 },
  'correlate/probes/other-traffic-log.ts MAX_LISTED': { product: 256 * 256 * 100 },
  'correlate/probes/probe-log.ts MAX_TALLIES': { product: 4096 * 600 },
  'correlate/probes/sorter.ts MAX_NOTED': { product: 3 * 4096 * 100 },
}

const CONSTANT =
  /^(?:export )?const ((?:MAX|MOST|LONGEST|LARGEST|KEPT)_?\w*)\b(?<!KEPT_PER_SESSION)(?<!MAXIMUM_SEGMENT_SIZE)/gm

const sources = STAGES.flatMap((stage) =>
  readdirSync(join(ROOT, 'src', stage), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${stage}/${name}`),
)
const found = sources.flatMap((file) =>
  [...readFileSync(join(ROOT, 'src', file), 'utf8').matchAll(CONSTANT)].map(([, name]) => `${file} ${name!}`),
)

describe('the caps of the stages', () => {
  it('are all known, with what bounds them over the whole input', () => {
    expect(found.sort()).toEqual(Object.keys(CAPS).sort())
  })

  it('multiply to little where no total bounds them', () => {
    for (const bound of Object.values(CAPS)) {
      if (typeof bound === 'object' && 'product' in bound) expect(bound.product).toBeLessThanOrEqual(SMALL)
    }
  })

  it('are named in the document, with their totals', () => {
    const document = readFileSync(join(ROOT, 'docs/LIMITS.md'), 'utf8')
    for (const [cap, bound] of Object.entries(CAPS)) {
      if (bound !== 'work') expect(document).toContain(`\`${cap.split(' ')[1]!}\``)
    }
  })
})

describe('a total', () => {
  it('leaves room for all others in a heap of 256 MiB', () => {
    // Comments, secrets, fragments and what waits are memory beside the heap, as is a frame.
    const { sessions, shared } = TOTALS
    expect(sessions + shared + TOTALS['past sessions'] + TOTALS['past announcements']).toBeLessThan(200 * MIB)
  })

  it('bounds what each of its things may hold, times their number', () => {
    const connections = Math.floor(SESSIONS / DATA_CONNECTION_BYTES)
    const products: [name: string, product: number, total: number][] = [
      ['exchanges of a session', DEFAULT_FTP_LIMITS.exchanges * 1024, SESSIONS],
      ['text of a session', 2 * DEFAULT_FTP_LIMITS.sessionText, SESSIONS],
      ['TLS records of a session', 1024 * RECORD_BYTES, SESSIONS],
      ['incomplete lines of a session', 2 * DEFAULT_FTP_LIMITS.lineBytes, SESSIONS],
      ['open sessions without a dialogue', LEAST_SESSIONS * SESSION_BYTES, SESSIONS],
      ['connections without an announcement', MOST_UNEXPLAINED * DATA_CONNECTION_BYTES, SESSIONS],
      ['early connections of a pair', MAX_EARLY * DATA_CONNECTION_BYTES, SESSIONS],
      ['first bytes of both directions', connections * 2 * HEAD, SESSIONS],
      [
        'a summary',
        pairs.SUMMARY_BYTES + pairs.MAX_REJECTED * 48 + pairs.MAX_PASSIVE * 80,
        pairs.MOST_REMEMBERED_BYTES,
      ],
    ]
    for (const [name, product, total] of products) expect([name, product <= total]).toEqual([name, true])
  })

  it('is needed where its things multiply to more: each is counted to it by the code', () => {
    const multiplied = {
      holes: LEAST_SESSIONS * MAX_HOLES * HOLE_BYTES,
      'reports of receivers': LEAST_SESSIONS * 2 * (MAX_REQUESTS * REQUEST_BYTES + MAX_SELECTIVE * RANGE_BYTES),
      'packets told from copies': LEAST_SESSIONS * MOST_BUCKETS * BUCKET_BYTES,
      'bytes ahead of a hole': LEAST_SESSIONS * MOST_AHEAD * (HEAD + AHEAD_COST),
    }
    for (const product of Object.values(multiplied)) expect(product).toBeGreaterThan(MOST_SHARED)
    const counted = ['tcp/sequence.ts', 'tcp/receiver-reports.ts', 'tcp/duplicates.ts', 'tcp/flow-facts.ts']
    for (const file of counted) expect(readFileSync(join(ROOT, 'src', file), 'utf8')).toMatch(/hared\.take\(/)
  })
})
