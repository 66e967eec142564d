/** Certificates and their faults in facts, and as reports write them. */
import { type CertificateFault, sentAt } from '../facts/certificate-faults.js'
import type { Role } from '../facts/payload.js'
import type { TlsConnection } from '../facts/tls-connections.js'
import type { Certificate } from '../../tls/certificates/certificate.js'
import { addressText } from '../../wire/address.js'
import { at, type Evidence } from './evidence.js'
import { Quote, type Shown } from './quote.js'

/** A certificate with what is wrong with it. */
export interface CertificateFact {
  kind: CertificateFault['kind']
  owner: Role
  on: 'control' | 'data'
  /** Names as in RFC 4514. */
  subject: Quote
  issuer: Quote
  /** The names and addresses that it is for, the first few. */
  names: Quote[]
  /** For one that was not valid: when it expired or becomes valid, and when it was sent; ISO 8601. */
  limit: string | null
  sent: string | null
  /** For another name: the one that the client wanted, and where it said so. */
  wanted: Quote | null
  wantedFrom: 'server-name' | 'host-command' | null
  /** For one that leads to no known authority: the last one that the certificates lead to. */
  authority: Quote | null
  /** A public authority issued it, and these do so through intermediates only. */
  publiclyIssued: boolean
}

const LISTED_NAMES = 8
const DAY_MS = 86_400_000

export function certificateFact(connection: TlsConnection, owner: Role, fault: CertificateFault): CertificateFact {
  const own = connection[owner][0]!
  const dated = fault.kind === 'expired' || fault.kind === 'not-yet-valid' ? fault : null
  const named = fault.kind === 'other-name' ? fault : null
  const ended = 'authority' in fault ? fault : null
  return {
    kind: fault.kind,
    owner,
    on: connection.channel ? 'data' : 'control',
    subject: new Quote(own.subject.text),
    issuer: new Quote(own.issuer.text),
    names: namesOf(own).map((name) => new Quote(name)),
    limit: dated && iso(dated.limit),
    sent: dated && iso(dated.sent),
    wanted: named && new Quote(named.wanted),
    wantedFrom: named?.from ?? null,
    authority: ended && new Quote(ended.authority),
    publiclyIssued: own.publiclyLogged,
  }
}

function namesOf({ dnsNames, addresses, subject }: Certificate): string[] {
  const names = [...dnsNames, ...addresses.map((bytes) => addressText(bytes, 0, bytes.length === 4 ? 4 : 6))]
  if (names.length === 0 && subject.commonName !== null) names.push(subject.commonName)
  return names.slice(0, LISTED_NAMES)
}

/** "the server's certificate (CN=ftp.example.net) expired on 2024-02-25, 5 days before this session" */
export function faultWords(fact: Shown<CertificateFact>): string {
  const { kind, owner, on, subject, names, limit, sent, wanted, wantedFrom, authority } = fact
  const who = `the ${owner}'s certificate${on === 'data' ? ' on a data connection' : ''}`
  const own = subject === '' ? who : `${who} (${subject})`
  switch (kind) {
    case 'expired':
      return `${own} expired on ${day(limit)}, ${distance(limit, sent)} before this session`
    case 'not-yet-valid':
      return `${own} is valid only from ${day(limit)}, ${distance(limit, sent)} after this session`
    case 'other-name': {
      const asked = wantedFrom === 'server-name' ? 'the client asked for' : "the client's HOST names"
      return `${own} ${names.length === 0 ? 'names no host' : `is for ${names.join(', ')}`}, but ${asked} ${wanted}`
    }
    case 'self-signed':
      return `${own} is self-signed`
    case 'issuer-not-sent':
      return fact.publiclyIssued
        ? `${own} was sent without the intermediate that issued it, ${authority}`
        : `${own} was sent without that of its issuer, ${authority}`
    case 'unknown-authority':
      return `${own} leads to the authority ${authority}`
  }
}

/** The packet that brought the certificate. */
export function certificateEvidence(connection: TlsConnection, owner: Role, note: string): Evidence {
  return at(sentAt(connection, owner) ?? connection.connection.first, note)
}

/** A sentence of a clause. */
export function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`
}

const iso = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`
const day = (time: string | null): string => time?.slice(0, 10) ?? ''

function distance(limit: string | null, sent: string | null): string {
  const days = Math.floor(Math.abs(Date.parse(sent ?? '') - Date.parse(limit ?? '')) / DAY_MS)
  if (days < 1) return 'less than a day'
  return days === 1 ? '1 day' : `${days} days`
}
