import type { Clock } from '../../capture/time.js'
import type { OtherActivity, OtherTraffic, Scanner } from '../../correlate/probes/activity.js'
import { endpointText } from '../../diagnose/words/evidence.js'
import type { OtherTrafficReport, ScannerReport } from '../contract.js'
import { count, duration, plural } from '../text/units.js'

/** Scanners and servers of other protocols that are listed. */
const MAX_LISTED = 1000

/** What control ports saw besides sessions, at all observation points: each scanner and each server once. */
export function describeActivity(
  activities: readonly OtherActivity[],
  clock: Clock,
): { scanners: ScannerReport[]; otherTraffic: OtherTrafficReport[] } {
  const scanners = joined(
    activities.flatMap((each) => each.scanners),
    ({ kind, address, target }) => `${kind} ${address ?? endpointText(target!.address, target!.port)}`,
    joinScanners,
  )
  const traffic = joined(
    activities.flatMap((each) => each.otherTraffic),
    ({ protocol, server }) => `${protocol} ${endpointText(server.address, server.port)}`,
    (a, b) => ({
      ...a,
      client: a.client === b.client ? a.client : null,
      clients: Math.max(a.clients, b.clients, a.client === b.client ? 1 : 2),
      connections: Math.max(a.connections, b.connections),
      ...period(a, b),
    }),
  )
  return {
    scanners: scanners.slice(0, MAX_LISTED).map((scanner) => describeScanner(scanner, clock)),
    otherTraffic: traffic.slice(0, MAX_LISTED).map((each) => describeOtherTraffic(each, clock)),
  }
}

/** Scanners that no list has room for. */
export function unlistedScanners(activities: readonly OtherActivity[]): { hosts: number; connections: number } {
  const listed = activities.reduce((sum, { scanners }) => sum + scanners.length, 0)
  const more = Math.max(0, listed - MAX_LISTED)
  return {
    hosts: activities.reduce((sum, { unlisted }) => sum + unlisted.hosts, more),
    connections: activities.reduce((sum, { unlisted }) => sum + unlisted.connections, more),
  }
}

function joined<T extends { first: { frame: number } }>(
  all: readonly T[],
  keyOf: (one: T) => string,
  join: (a: T, b: T) => T,
): T[] {
  const byKey = new Map<string, T>()
  for (const one of all) {
    const key = keyOf(one)
    const known = byKey.get(key)
    byKey.set(key, known ? join(known, one) : one)
  }
  return [...byKey.values()].sort((a, b) => a.first.frame - b.first.frame)
}

/** The same scanner at two observation points: most of its packets passed both, so that counts are not added. */
function joinScanners(a: Scanner, b: Scanner): Scanner {
  return {
    ...a,
    techniques: [...new Set([...a.techniques, ...b.techniques])],
    target: a.target && b.target && a.target.address === b.target.address ? a.target : null,
    connections: Math.max(a.connections, b.connections),
    failed: Math.max(a.failed, b.failed),
    sources: Math.max(a.sources, b.sources),
    hosts: Math.max(a.hosts, b.hosts),
    ports: Math.max(a.ports, b.ports),
    ftp: Math.max(a.ftp, b.ftp),
    ...period(a, b),
  }
}

function period<T extends Pick<Scanner, 'first' | 'last'>>(a: T, b: T): Pick<Scanner, 'first' | 'last'> {
  return {
    first: a.first.frame < b.first.frame ? a.first : b.first,
    last: a.last.frame > b.last.frame ? a.last : b.last,
  }
}

function describeScanner(scanner: Scanner, clock: Clock): ScannerReport {
  const { first, last, ...facts } = scanner
  return {
    ...facts,
    firstFrame: first.frame,
    lastFrame: last.frame,
    start: clock.iso(first.time),
    end: clock.iso(last.time),
    sentence: scannerSentence(scanner),
  }
}

function describeOtherTraffic({ first, last, ...facts }: OtherTraffic, clock: Clock): OtherTrafficReport {
  const { protocol, server, client, clients, connections } = facts
  const from = client ?? plural(clients, 'client')
  return {
    ...facts,
    firstFrame: first.frame,
    lastFrame: last.frame,
    start: clock.iso(first.time),
    end: clock.iso(last.time),
    sentence:
      `${plural(connections, 'connection')} from ${from} to ${endpointText(server.address, server.port)} ` +
      `${connections === 1 ? 'is' : 'are'} ${protocol === 'unknown' ? 'of an unknown protocol' : protocol}, ` +
      'without an FTP client',
  }
}

function scannerSentence(scanner: Scanner): string {
  const { kind, address, target, connections, failed, sources, hosts, ports, ftp, first, last } = scanner
  const at = target ? endpointText(target.address, target.port) : ''
  switch (kind) {
    case 'scan': {
      const found = ftp === 0 ? 'none is FTP' : ftp === 1 ? '1 is FTP' : `${count(ftp)} are FTP`
      return `${address!} probed ${plural(ports, 'port')} of ${plural(hosts, 'host')}; ${found}`
    }
    case 'health-check': {
      const whom = target ? at : `${plural(ports, 'port')} of ${plural(hosts, 'host')}`
      const every = connections > ports ? (last.time - first.time) / 1e6 / (connections / ports - 1) : 0
      const often = every > 0 ? `, about every ${duration(every)}` : ''
      const down =
        failed > 0 ? `; ${count(failed)} of them ${failed === 1 ? 'was' : 'were'} refused or not answered` : ''
      return `${address!} checked the health of ${whom} ${plural(connections, 'time')}${often}, without a session${down}`
    }
    case 'syn-flood': {
      const from = sources === 1 ? '1 address' : `${count(sources)} addresses`
      return `SYN flood at ${at}: ${plural(connections, 'connection')} from ${from}, none completed`
    }
    case 'reflection': {
      const answers = `${plural(connections, 'answer')} from ${plural(hosts, 'host')}`
      return `${address!} received ${answers} to SYNs that it did not send: its address was forged`
    }
    case 'backscatter': {
      const to = sources === 1 ? '1 address' : `${count(sources)} addresses`
      return `${at} sent ${plural(connections, 'answer')} to ${to} whose SYNs are not in the capture: backscatter of a flood`
    }
  }
}
