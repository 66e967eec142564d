import type { Whereabouts } from '../places/whereabouts.js'
import type { Finding } from '../rule.js'

/** What became of a packet between two places that several devices may have done. */
const DONE_BETWEEN: readonly Whereabouts['kind'][] = ['lost', 'answer-lost', 'injected', 'changed']

/**
 * Where to capture next: between two neighboring places, if their hop limits show that several routers lie there. With
 * one router, that is the device.
 */
export function nextCapture({ where }: Pick<Finding, 'where'>): string[] {
  const { kind, routers, here, there } = where ?? {}
  if (!kind || !DONE_BETWEEN.includes(kind) || !here || !there || (routers ?? 0) < 2) return []
  return [
    `to find which device: ${routers!} routers lie between ${here.file} and ${there.file}; capture between two of them ` +
      'as well, and give all captures together',
  ]
}
