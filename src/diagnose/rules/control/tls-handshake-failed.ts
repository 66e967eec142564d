import type { Session } from '../../../correlate/model.js'
import type { ClientHello } from '../../../tls/hello.js'
import { Direction, type Endpoint, opposite } from '../../../tcp/connection.js'
import { addressOf, type Role, roleOf } from '../../facts/payload.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { alertName, CLOSE_NOTIFY, NO_APPLICATION_PROTOCOL, versionName } from '../../facts/tls.js'
import { FATAL } from '../../facts/tls-handshake.js'
import { refusedFor } from '../../facts/certificate-faults.js'
import { faultRemedy } from '../../remedies/certificate-remedies.js'
import {
  certificateEvidence,
  type CertificateFact,
  certificateFact,
  faultWords,
  sentence,
} from '../../words/certificate.js'
import { alertRemedy } from '../../remedies/tls-remedies.js'
import { defineRule, type Fact, type Observation, type Side } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import { at, commandEvidence } from '../../words/evidence.js'
import { seconds, times } from '../../words/quantities.js'
import { Quote, type Shown } from '../../words/quote.js'

/** What the client offered in its ClientHello. */
export interface OfferFact {
  /** The highest version. */
  version: number
  /** Application protocols (ALPN); `null` without the extension. */
  protocols: Quote[] | null
}

/** A fatal alert on the control connection. */
export interface ControlAlert extends Fact, Ends {
  kind: 'alert'
  sender: Role
  /** Its description (RFC 8446 §6). */
  alert: number
  offer: OfferFact | null
  /** The fault of the certificate that explains it; `null` if none is known. */
  certificate: CertificateFact | null
}

/** The control connection ended during the handshake, without an unencrypted alert. */
export interface BrokenOff extends Fact, Ends {
  kind: 'broken-off'
  sender: Role
  how: 'fin' | 'rst'
  /** The ServerHello had been sent. */
  serverHello: boolean
  /** The fault of the certificate that explains it; `null` if none is known. */
  certificate: CertificateFact | null
}

/** The client closed as soon as the handshake was complete. */
export interface ClientLeft extends Fact, Ends {
  kind: 'client-left'
  sender: 'client'
  how: 'fin' | 'rst'
  /** The fault of the certificate that explains it; `null` if none is known. */
  certificate: CertificateFact | null
}

/** A fatal alert on a data connection. */
export interface DataAlert extends Fact {
  kind: 'data-alert'
  sender: Role
  alert: number
  /** Address of the sender. */
  from: string
  /** The endpoint to which the data connection was opened. */
  target: Endpoint
  offer: OfferFact | null
}

const INTERNAL_ERROR = 80
const UNKNOWN_CA = 48

export const tlsHandshakeFailed = defineRule<ControlAlert | BrokenOff | ClientLeft | DataAlert>({
  id: 'tls-handshake-failed',
  title: 'TLS handshake failed',
  severity: 'error',
  side: 'unknown',
  level: 'effect',
  explains: [
    'capture-ends-inside',
    'greeting-missing',
    'login-incomplete',
    'login-rejected',
    'transfer-aborted',
    'transfer-incomplete',
    'transfer-refused',
    'transfer-reset',
    'transfer-stalled',
  ],
  references: ['RFC 8446 §6.2 (alerts)', 'RFC 5246 §7.2', 'RFC 4217 §4, §7', 'RFC 7301 §3.2 (ALPN)'],
  samples: { reports: 'made/tls-handshake-failed.pcap', silent: 'made/tls-handshake-failed--silent.pcap' },
  needs: ['tls'],

  *check(session, facts) {
    yield* onControl(facts)
    yield* onData(session)
  },

  texts: {
    why: (fact) => {
      const fault = fact.kind === 'data-alert' ? null : fact.certificate
      return `TLS handshake failed${fault ? `: ${FAULTS[fault.kind]}` : ''}`
    },
    message(fact) {
      if (fact.kind === 'data-alert') {
        const failed = `The TLS handshake on the data connection to ${endpointWords(fact.target)} failed`
        return `${failed}: ${fact.from} sent the TLS alert "${alertName(fact.alert)}".${offerWords(fact)}`
      }
      const { client } = fact
      const server = endpointWords(fact.server)
      const sender = fact.sender === 'client' ? client : server
      const handshake = `The TLS handshake between ${client} and ${server}`
      const fault = fact.certificate ? ` ${sentence(faultWords(fact.certificate))}` : ''
      switch (fact.kind) {
        case 'alert':
          return `${handshake} failed: ${sender} sent the TLS alert "${alertName(fact.alert)}".${offerWords(fact)}${fault}`
        case 'broken-off': {
          const when = fact.serverHello ? 'after the ServerHello' : 'before any ServerHello'
          const ended = `${sender} ${ENDED[fact.how]} the connection ${when}`
          return `${handshake} was not completed: ${ended}, without an unencrypted alert.${fault}`
        }
        case 'client-left': {
          const over = `as soon as the TLS handshake with ${server} was complete`
          const ended = `${client} ${ENDED[fact.how]} the connection ${over}`
          const distrust = "typical of clients that do not accept the server's certificate"
          return `${ended}, before any command was answered: ${distrust}.${fault}`
        }
      }
    },
  },

  remedy(fact, context) {
    if (fact.kind !== 'data-alert' && fact.certificate) return faultRemedy(fact.certificate, context)
    switch (fact.kind) {
      case 'alert':
      case 'data-alert':
        if (fact.alert === NO_APPLICATION_PROTOCOL) return alpnRemedy(fact.sender)
        return alertRemedy(fact.alert, fact.sender === 'client')
      case 'broken-off':
        return alertRemedy(null, fact.sender === 'client')
      case 'client-left':
        return alertRemedy(UNKNOWN_CA, true)
    }
  },
})

/** Faults of certificates in a few words. */
const FAULTS: Readonly<Record<CertificateFact['kind'], string>> = {
  expired: 'certificate expired',
  'not-yet-valid': 'certificate not yet valid',
  'other-name': 'certificate for another name',
  'self-signed': 'self-signed certificate',
  'issuer-not-sent': 'intermediate certificate missing',
  'unknown-authority': 'unknown authority',
}
/** Those that the client may choose to accept. */
const TRUST: ReadonlySet<string> = new Set(['self-signed', 'unknown-authority'])

/** Alerts that refuse the version, or the ciphers that belong to it (RFC 8446 §6.2). */
const VERSION_ALERTS = new Set([40, 70, 71, 86])

function offerWords({ alert, offer }: Shown<Pick<ControlAlert, 'alert' | 'offer'>>): string {
  if (alert === NO_APPLICATION_PROTOCOL) {
    const offered =
      offer === null
        ? 'Client and server have no application protocol (ALPN) in common'
        : offer.protocols === null
          ? 'The client offered no application protocol (ALPN)'
          : `The application protocols (ALPN) that the client offered are ${list(offer.protocols)}`
    return ` ${offered}; the server insists on one that it knows, for FTP "ftp" (RFC 7301).`
  }
  if (offer === null || !VERSION_ALERTS.has(alert)) return ''
  return ` The highest version that the client offered is ${versionName(offer.version)}.`
}

const list = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : names.map((name) => `"${name}"`).join(', ')

function alpnRemedy(sender: Role): string[] {
  if (sender === 'client') return ['on the server: select only an application protocol (ALPN) that the client offered']
  return [
    'in the client: offer the ALPN protocol "ftp" (IANA), or no ALPN at all; update a client whose TLS library ' +
      'offers "http/1.1" or "h2" by default',
    'or on the server: a version that ignores application protocols it does not know',
  ]
}

function offerFact(offer: ClientHello | null | undefined): OfferFact | null {
  return offer ? { version: offer.version, protocols: offer.protocols?.map((name) => new Quote(name)) ?? null } : null
}

const ENDED = { fin: 'closed', rst: 'reset' }

function* onControl(facts: SessionFacts): Generator<Observation<ControlAlert | BrokenOff | ClientLeft>> {
  const { session, auth } = facts
  const { failure } = facts.tls
  const { tls } = session.dialogue
  if (!failure || !tls?.clientHello) return
  const { serverHello } = tls
  const hellos = [at(tls.clientHello, 'ClientHello'), ...(serverHello ? [at(serverHello, 'ServerHello')] : [])]
  const begin = () => [...hellos, ...(auth ? [commandEvidence(auth)] : [])]
  const refused = refusedFor(facts)
  const certificate = refused && certificateFact(refused.connection, refused.owner, refused.fault)
  const ends = { ...endsOf(session), certificate }
  const { sender } = failure
  if (refused) hellos.push(certificateEvidence(refused.connection, refused.owner, 'certificate'))
  switch (failure.kind) {
    case 'alert': {
      const { alert } = failure
      yield {
        fact: { kind: 'alert', ...ends, sender, alert, offer: offerFact(tls.offer) },
        side: refused && !TRUST.has(refused.fault.kind) ? refused.owner : sideOf(alert, sender),
        confidence: 'high',
        evidence: [at(failure.at, `fatal alert ${alertName(alert)}`), ...begin()],
      }
      break
    }
    case 'broken-off': {
      const { how } = failure.at
      yield {
        fact: { kind: 'broken-off', ...ends, sender, how, serverHello: serverHello !== null },
        side: sender,
        confidence: 'medium',
        evidence: [at(failure.at, 'the connection ends during the handshake'), ...begin()],
        rivals: how === 'rst' ? ['control-reset'] : [],
      }
      break
    }
    case 'client-left': {
      const { how } = failure.at
      yield {
        fact: { kind: 'client-left', ...ends, sender: 'client', how },
        side: 'client',
        confidence: 'medium',
        evidence: [at(failure.at, `${session.client.address} ${ENDED[how]} the connection`), ...hellos],
      }
    }
  }
}

function* onData({ channels }: Session): Generator<Observation<DataAlert>> {
  for (const channel of channels) {
    const { connection, head, transfer } = channel
    if (!connection || !head || transfer?.outcome === 'completed') continue
    for (const direction of [Direction.FromInitiator, Direction.FromResponder]) {
      const alert = head.tls[direction]?.alert
      if (alert?.level !== FATAL || alert.description === CLOSE_NOTIFY) continue
      const { first, last, responder, synAttempts } = connection
      const { description } = alert
      const offer = head.tls[direction]?.clientHello ?? head.tls[opposite(direction)]?.clientHello
      const sender = roleOf(channel, direction)
      const from = addressOf(connection, direction)
      const after = `${seconds(last.time - first.time)} after its SYN (sent ${times(synAttempts)})`
      yield {
        fact: { kind: 'data-alert', sender, alert: description, from, target: responder, offer: offerFact(offer) },
        side: sideOf(description, sender),
        confidence: 'high',
        evidence: [
          at(connection.flows[direction].lastData ?? last, `fatal alert ${alertName(description)}`),
          at(last, `end of the connection, ${after}`),
          ...(transfer ? [commandEvidence(transfer.command.exchange)] : []),
        ],
        channel,
      }
    }
  }
}

/** Who has to act first: the client for what it offers and trusts, the server for a missing certificate. */
function sideOf(description: number, sender: Role): Side {
  return description === INTERNAL_ERROR && sender === 'server' ? 'server' : 'client'
}
