import type { Connection } from '../../tcp/connection.js'
import type { ConnectionRegistry } from '../../tcp/connection-registry.js'
import { beginSpan, extendSpan, type Scanner, type Span } from './activity.js'
import { countProbed } from './initiator-survey.js'
import type { Technique } from './probe-sign.js'

/** Hosts that probe, floods, and victims that are listed; a tally takes about 300 bytes. */
const MAX_TALLIES = 4096

/** This many connections per port, and no other ports: the host watches a server, it does not look for one. */
const CHECKS = 3
const OF_CHECKS: ReadonlySet<Technique> = new Set(['half-open', 'connect', 'banner', 'syn'])

interface Tally extends Span {
  kind: 'probes' | 'syn-flood' | 'reflection' | 'backscatter'
  /** The host by which it is listed, held in the address table. */
  host: number
  address: string
  /** The server's port of the first connection. */
  port: number
  /** That server. */
  server: string
  techniques: Set<Technique>
  sources: number
  /** Probes that no SYN,ACK answered. */
  failed: number
  /** A probe had the options of a system's own TCP. */
  likeSystem: boolean
}

/** Counts probes by the host that sent them, and floods by the host that they hit. */
export class ProbeLog {
  readonly #connections: ConnectionRegistry
  readonly #tallies = new Map<string, Tally>()
  readonly #unlistedHosts = new Set<number>()
  #unlistedConnections = 0

  constructor(connections: ConnectionRegistry) {
    this.#connections = connections
  }

  /** How the host has probed before: at least once with SYNs like a system's, or only with others. */
  styleOf(host: number): 'system' | 'raw' | null {
    const tally = this.#tallies.get(`probes ${host}`)
    if (!tally) return null
    return tally.likeSystem ? 'system' : 'raw'
  }

  /** A probe; `host` is the id of the initiator's address. */
  probe(host: number, control: Connection, technique: Technique, style: 'system' | 'raw'): void {
    const tally = this.#add('probes', `probes ${host}`, host, control.initiator.address, control, technique, false)
    if (!tally) return
    if (style === 'system') tally.likeSystem = true
    if (control.synAckAttempts === 0) tally.failed++
  }

  /** An incomplete connection to a flooded server, `host`; `newSource` if its initiator has not opened another one. */
  flood(
    kind: 'syn-flood' | 'backscatter',
    host: number,
    control: Connection,
    technique: Technique,
    newSource: boolean,
  ): void {
    const { address, port } = control.responder
    this.#add(kind, `${kind} ${host} ${port}`, host, address, control, technique, newSource)
  }

  /** An answer that reached its victim, `host`. */
  reflection(host: number, control: Connection, technique: Technique): void {
    this.#add('reflection', `reflection ${host}`, host, control.initiator.address, control, technique, false)
  }

  get unlisted(): { hosts: number; connections: number } {
    return { hosts: this.#unlistedHosts.size, connections: this.#unlistedConnections }
  }

  /** What was counted, in the order of first frames; `isFtp` says whether a port of a host may be FTP's. */
  scanners(isFtp: (host: number, port: number) => boolean): Scanner[] {
    const floods = new Map<string, Tally>()
    for (const tally of this.#tallies.values())
      if (tally.kind === 'syn-flood') floods.set(`${tally.address} ${tally.port}`, tally)
    const scanners: Scanner[] = []
    for (const tally of this.#tallies.values()) {
      const scanner = this.#scanner(tally, isFtp)
      const flood = scanner.ports === 1 ? floods.get(`${tally.server} ${tally.port}`) : undefined
      // The owner of a forged address answers the SYN,ACK by RST: it probes as little as the others.
      if (tally.kind === 'probes' && flood && tally.techniques.has('half-open')) {
        flood.connections += tally.connections
        flood.sources++
        for (const technique of tally.techniques) flood.techniques.add(technique)
      } else scanners.push(scanner)
    }
    return scanners
      .map((scanner) => {
        const flood = scanner.kind === 'syn-flood' && floods.get(`${scanner.target!.address} ${scanner.target!.port}`)
        return flood
          ? { ...scanner, connections: flood.connections, sources: flood.sources, techniques: [...flood.techniques] }
          : scanner
      })
      .sort((a, b) => a.first.frame - b.first.frame)
  }

  #add(
    kind: Tally['kind'],
    key: string,
    host: number,
    address: string,
    control: Connection,
    technique: Technique,
    newSource: boolean,
  ): Tally | null {
    const tally = this.#tallies.get(key)
    if (tally) {
      extendSpan(tally, control.first, control.last)
      tally.techniques.add(technique)
      if (newSource) tally.sources++
      return tally
    }
    if (this.#tallies.size >= MAX_TALLIES) {
      this.#unlistedConnections++
      if (this.#unlistedHosts.size < MAX_TALLIES) this.#unlistedHosts.add(host)
      return null
    }
    this.#connections.addresses.hold(host)
    const added: Tally = {
      kind,
      host,
      address,
      server: control.responder.address,
      port: control.responder.port,
      techniques: new Set([technique]),
      sources: 1,
      failed: 0,
      likeSystem: false,
      ...beginSpan(control.first, control.last),
    }
    this.#tallies.set(key, added)
    return added
  }

  #scanner(tally: Tally, isFtp: (host: number, port: number) => boolean): Scanner {
    const { kind, address, server, port, techniques, connections, sources, failed, first, last } = tally
    const common = { techniques: [...techniques], connections, failed: 0, first, last }
    if (kind === 'syn-flood' || kind === 'backscatter') {
      const target = { address, port }
      return { kind, address: null, target, ...common, sources, hosts: 1, ports: 1, ftp: 0 }
    }
    const probed = countProbed(this.#connections, tally.host, isFtp)
    const hosts = Math.max(1, probed.hosts)
    const ports = Math.max(1, probed.ports)
    const target = ports === 1 ? { address: server, port } : null
    const start = probed.first && probed.first.frame < first.frame ? probed.first : first
    const counted = { address, target, ...common, first: start, sources: 1, hosts, ports, ftp: probed.accepted }
    if (kind === 'reflection') return { kind, ...counted, ftp: 0 }
    const onlyChecks = failed < connections && [...techniques].every((technique) => OF_CHECKS.has(technique))
    const isCheck = onlyChecks && ports <= probed.controlPorts && connections >= CHECKS * ports
    return isCheck ? { kind: 'health-check', ...counted, failed } : { kind: 'scan', ...counted }
  }
}
