/** Which hosts a certificate is for (RFC 9525 §6, RFC 5280 §4.2.1.6). */
import { parseAddress } from '../../wire/address.js'
import { sameBytes } from '../crypto/crypto.js'
import type { Certificate } from './certificate.js'

/** Whether a certificate has the host name, or the address, that a client connects to. */
export function isFor(certificate: Certificate, host: string): boolean {
  const address = parseAddress(host.replace(/^\[(.*)\]$/, '$1'))
  const { dnsNames, addresses, hasAlternativeNames, subject } = certificate
  if (address) {
    // Clients of old compare the common name as text.
    return addresses.some((each) => sameBytes(each, address)) || subject.commonName === host
  }
  const name = normal(host)
  if (dnsNames.some((pattern) => matches(normal(pattern), name))) return true
  // Only where no names follow: libraries in use still accept it.
  const hasNames = hasAlternativeNames && dnsNames.length > 0
  return !hasNames && subject.commonName !== null && matches(normal(subject.commonName), name)
}

/** A wildcard stands for one whole label, the first (RFC 9525 §6.3). */
function matches(pattern: string, name: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === name
  const dot = name.indexOf('.')
  return dot > 0 && name.slice(dot) === pattern.slice(1)
}

const normal = (name: string): string => name.toLowerCase().replace(/\.$/, '')
