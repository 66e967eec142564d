import { endpointText } from '../../diagnose/words/evidence.js'

/** An endpoint that may be only partly known. */
export function partialEndpoint({ address, port }: { address: string | null; port: number | null }): string {
  if (address !== null && port !== null) return endpointText(address, port)
  return address ?? (port === null ? '?' : `port ${port}`)
}
