/** What to set where a certificate, or what TLS negotiated, is at fault. */
import type { Role } from '../facts/payload.js'
import type { Shown } from '../words/quote.js'
import type { CertificateFact } from '../words/certificate.js'
import type { RemedyContext } from './remedy-context.js'
import { clientRemedy } from './settings/client-settings.js'
import { serverRemedy } from './settings/server-settings.js'

/** What mends a fault of a certificate, best first. */
export function faultRemedy(fact: Shown<CertificateFact>, context: RemedyContext): string[] {
  const { kind, owner, wanted, names } = fact
  switch (kind) {
    case 'expired':
      return [
        newCertificate(owner, context, 'renew the certificate'),
        ...(owner === 'server' ? [tolerate(context)] : []),
      ]
    case 'not-yet-valid':
      return [
        'check the clocks of both ends, and that of the host that captured (NTP)',
        newCertificate(owner, context, 'install a certificate that is valid'),
      ]
    case 'other-name':
      return [
        newCertificate(owner, context, `install a certificate for ${wanted}`),
        ...(names[0] === undefined ? [] : [connectByName(names[0])]),
      ]
    case 'issuer-not-sent':
      return [
        sendChain(context),
        ...(fact.publiclyIssued ? [] : [`or, if ${fact.authority} is no intermediate: ${trustInClient(context)}`]),
      ]
    case 'self-signed':
    case 'unknown-authority':
      return [
        trustInClient(context),
        `or ${newCertificate(owner, context, 'a certificate of an authority that clients know')}`,
      ]
  }
}

/** `meaning`: "renew the certificate". */
function newCertificate(owner: Role, context: RemedyContext, meaning: string): string {
  return owner === 'server'
    ? serverRemedy(context.serverSoftware, meaning, (s) => said(meaning, s.certificate))
    : clientRemedy(context.clientSoftware, meaning, (c) => said(meaning, c.clientCertificate))
}

/** The server has to send the intermediate certificates, too. */
function sendChain(context: RemedyContext): string {
  const meaning = 'send the intermediate certificates after its own'
  return serverRemedy(context.serverSoftware, meaning, (s) => s.certificateChain)
}

function trustInClient(context: RemedyContext): string {
  return clientRemedy(context.clientSoftware, 'trust the authority, or this certificate', (c) => c.trust)
}

/** Until the server's certificate is renewed. */
function tolerate(context: RemedyContext): string {
  const trusted = clientRemedy(context.clientSoftware, 'accept it by its fingerprint', (c) => c.pin)
  return `until then, at the cost of the proof of who the server is, ${trusted}`
}

function connectByName(name: string): string {
  return name.startsWith('*.')
    ? `or in the client: connect by a name that fits ${name}`
    : `or in the client: connect to ${name}, if that is this server`
}

const said = (meaning: string, setting: string | undefined) => setting && `${meaning} (${setting})`

/** `renewed`: both certificates have the same subject. */
export function sameCertificate(context: RemedyContext, renewed: boolean): string[] {
  const one = serverRemedy(context.serverSoftware, 'use one certificate for both', (s) => s.certificate)
  return renewed
    ? [`if the certificate was just renewed: restart the server, so that all its processes use it; else ${one}`]
    : [
        'behind a load balancer: send all connections of a client to one server, or install one certificate on all',
        one,
        'if a box on the path inspects TLS: exempt both connections, or neither',
      ]
}

export function strongTlsOnServer(context: RemedyContext): string {
  return serverRemedy(context.serverSoftware, 'allow only TLS 1.2 and 1.3, with strong ciphers', (s) => s.strongTls)
}

export function strongTlsInClient(context: RemedyContext): string {
  return clientRemedy(context.clientSoftware, 'require TLS 1.2 or newer; update old versions', (c) => c.strongTls)
}
