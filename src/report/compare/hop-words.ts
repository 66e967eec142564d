import { count, duration, plural } from '../text/units.js'
import type { DelayReport, HopReport } from './contract.js'

/** What lies between two places, in words: a proxy, routers, what is changed of all packets, delays. */
export function hopWords({ routers, changes, delays, relayed }: HopReport): string {
  const { toServer, toClient } = routers
  const parts = [
    relayed ? 'a proxy ends the connection and opens another' : '',
    toServer === null && toClient === null ? '' : routerWords(toServer ?? toClient!, toClient ?? toServer!),
    ...changes,
    delayWords('to the server', delays.toServer),
    delayWords('to the client', delays.toClient),
  ]
  return parts.filter((part) => part !== '').join('; ')
}

function routerWords(toServer: number, toClient: number): string {
  if (toServer === toClient) return toServer === 0 ? 'no router' : plural(toServer, 'router')
  return `${plural(toServer, 'router')} to the server, ${count(toClient)} to the client`
}

/** A shorter variation than this is nothing unusual. */
const NOTABLE_MS = 5

/** Absolute delays only where the clocks are known well enough; how much longer some packets took is known anyway. */
function delayWords(way: string, delay: DelayReport | null): string {
  if (!delay) return ''
  const { minMs, maxMs, uncertaintyMs } = delay
  if (uncertaintyMs !== null && uncertaintyMs < minMs / 2) {
    return `${duration(minMs)} to ${duration(maxMs)} ${way} (± ${duration(uncertaintyMs)})`
  }
  const spread = maxMs - minMs
  return spread > NOTABLE_MS ? `${way} up to ${duration(spread)} longer than the fastest packet` : ''
}
