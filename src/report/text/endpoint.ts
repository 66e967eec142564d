import type { EndpointReport } from '../contract.js'

/** 192.0.2.1:21, [2001:db8::1]:21 (RFC 5952 §6). */
export function endpoint({ address, port }: EndpointReport): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
