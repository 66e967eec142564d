import type { FindingId } from '../../src/diagnose/catalogue.js'

/**
 * Where packets were captured: beside the client, inside the internet router, beside the server; and on all interfaces
 * of a NAT router, so on both of its sides, where the topology asks for it.
 */
export type Vantage = 'client' | 'middle' | 'server' | 'router'
export const VANTAGES: readonly Vantage[] = ['client', 'middle', 'server', 'router']

export type Outcome = 'ok' | 'degraded' | 'failed' | 'undetermined'
export type Side = 'client' | 'client-network' | 'path' | 'server-network' | 'server' | 'unknown'

/** What an expert says from the packets at one vantage. */
export interface Expectation {
  readonly outcome: Outcome
  readonly cause: FindingId | null
  /** Other outcomes the same packets allow. */
  readonly alsoOutcome?: readonly Outcome[]
  /** Other causes the same packets allow: only where packets really cannot tell. */
  readonly also?: readonly (FindingId | null)[]
  readonly side?: Side
  readonly alsoSide?: readonly Side[]
  /** Transfers that the user asked for, and those that completed; a fallback does not count twice. */
  readonly transfers?: { readonly attempted: number; readonly completed: number }
  /**
   * False where this vantage does not see the fault: then only a wrong cause told with high confidence counts against
   * it.
   */
  readonly visible?: boolean
  /** Findings that must be among those of the capture, whatever the verdict. */
  readonly findings?: readonly FindingId[]
  /**
   * Why the verdict is wrong today, for docs/ACCURACY.md: a limit that is known, not an excuse for a wrong expectation.
   */
  readonly knownWrong?: string
}

export interface Expectations extends Readonly<Record<Exclude<Vantage, 'router'>, Expectation>> {
  readonly router?: Expectation
}

/** The hosts of the lab, in the order a packet meets them. */
export type Host = 'c' | 'rc' | 'i' | 'rs' | 's1' | 's2'

export interface Topology {
  /**
   * nat: 192.168.1.10 behind 198.51.100.2 · public: 198.51.100.130 · private: 10.1.0.2, routed · lan: 10.0.0.50 beside
   * the server
   */
  readonly client: 'nat' | 'public' | 'private' | 'lan'
  /** nat: 10.0.0.21 behind 203.0.113.20 · public: 203.0.113.130 · private: 10.0.0.21, routed */
  readonly server: 'nat' | 'public' | 'private'
  /** 6: the client dials the server's 2001:db8:2::21; both families are always routed. */
  readonly family?: 4 | 6
  /** The router's NAT reads FTP announcements (Linux nf_conntrack_ftp and nf_nat_ftp). */
  readonly clientHelper?: boolean
  readonly serverHelper?: boolean
  /**
   * Ports that the server-side NAT forwards besides the control port, nft syntax; null forwards none. Default: the
   * passive range.
   */
  readonly forward?: string | null
  /** Source addresses of the client-side NAT; with several, each connection gets one at random. */
  readonly uplinks?: readonly string[]
  /** One-way delay of the client's and of the server's access line, milliseconds. */
  readonly delay?: { readonly client?: number; readonly server?: number }
  /** Share of frames lost per direction on an access line, percent, from a seeded generator. */
  readonly loss?: { readonly client?: number; readonly server?: number; readonly seed?: number }
  /** MTU of the line between the internet router and the server-side router. */
  readonly mtu?: number
  /** Which interface of the internet router the middle capture is taken on. */
  readonly middle?: 'towards-client' | 'towards-server'
  /** A router that is captured on all its interfaces at once (`tcpdump -i any`). */
  readonly captured?: 'rc' | 'rs'
  /** Run a second server; a balancing rule on `rs` is part of the scenario's fault. */
  readonly servers?: 1 | 2
  readonly sysctl?: Partial<Record<Host, Readonly<Record<string, string>>>>
}

export type ServerSoftware = 'vsftpd' | 'proftpd' | 'pure-ftpd' | 'pyftpdlib' | 'strict-tls' | 'scripted' | 'none'
export type ClientSoftware =
  'curl' | 'lftp' | 'tnftp' | 'ncftp' | 'inetutils-ftp' | 'wget' | 'ftplib' | 'basic-ftp' | 'scripted'

export type Tls = 'none' | 'explicit' | 'implicit'

/** What is wrong with a server's certificate, if anything; see tls/certificates.ts. */
export type Certificate =
  'trusted' | 'expired' | 'not-yet-valid' | 'other-name' | 'no-intermediate' | 'unknown-authority' | 'self-signed'

export interface ServerSpec {
  readonly software: ServerSoftware
  readonly port?: number
  readonly passiveRange?: readonly [number, number]
  /** The address announced in 227 instead of the local one. */
  readonly announce?: string
  readonly tls?: Tls
  /** Log-in or data in the clear is refused. */
  readonly tlsRequired?: boolean
  /** The certificate that is presented; `self-signed` where absent. */
  readonly certificate?: Certificate
  /** Settings in the software's own words, added to its configuration. */
  readonly settings?: Readonly<Record<string, string>>
  /** For `scripted`: see servers/scripted.ts. */
  readonly script?: unknown
  /** Files in the home directory: name → size in bytes or content. */
  readonly files?: Readonly<Record<string, number | string>>
  /** The name server that the machine asks; one that nobody runs makes look-ups slow. */
  readonly resolver?: string
  /** /etc/hosts.deny refuses everyone (servers that use TCP wrappers). */
  readonly denyAll?: boolean
  /** Permissions of the home directory. */
  readonly homeMode?: number
  /** Size in KiB of a file system of its own for the home directory. */
  readonly homeSize?: number
}

export type Mode = 'passive' | 'extended-passive' | 'active' | 'extended-active'

export type Action =
  | { readonly list: string }
  | { readonly get: string; readonly rate?: number; readonly restart?: number }
  | { readonly put: string; readonly size: number }
  | { readonly mirror: string }
  | { readonly raw: string }
  | { readonly sleep: number }

export interface ClientSpec {
  readonly software: ClientSoftware
  /** The client's own default where absent. */
  readonly mode?: Mode
  readonly user?: string
  readonly password?: string
  readonly tls?: Tls
  /** The highest version of TLS that is offered. */
  readonly tlsVersion?: '1.2' | '1.3'
  /** The server's certificate must be valid, name the address that is dialled, and lead to the lab's authority. */
  readonly verify?: boolean
  readonly actions?: readonly Action[]
  /** Arguments or settings in the client's own words. */
  readonly options?: readonly string[]
  /** For `scripted`: see clients/scripted.ts. */
  readonly script?: unknown
  /** Seconds after which the client is ended, if it has not given up by itself. */
  readonly timeout?: number
  /** Copies of the client that run at the same time. */
  readonly parallel?: number
  readonly ascii?: boolean
}

/** One thing that is wrong on the network. nft rules are bodies of a rule in the named chain of the host. */
export interface Fault {
  readonly at: Host
  readonly forward?: readonly string[]
  readonly input?: readonly string[]
  readonly output?: readonly string[]
  /** Destination NAT rules, before routing. */
  readonly dnat?: readonly string[]
  /** Source NAT rules, after routing. */
  readonly snat?: readonly string[]
  /** Commands run on that host. */
  readonly commands?: readonly string[]
  /** Injected this long after the client's first segment; at once where absent. */
  readonly afterMs?: number
}

export interface Scenario {
  readonly name: string
  readonly title: string
  readonly topology: Topology
  readonly server: ServerSpec
  readonly client: ClientSpec
  readonly fault?: Fault | readonly Fault[]
  readonly expect: Expectations
  /** What the same packets tell with the keys of their TLS connections, where that is more than `expect`. */
  readonly keyed?: Partial<Expectations>
  /** Seconds that the captures go on after the client ended. */
  readonly linger?: number
  /** Vantages whose capture goes into samples/. */
  readonly sample?: readonly Vantage[]
  /** Part of the subset that runs live in continuous integration. */
  readonly fast?: boolean
}

/** What a variant changes. */
export type Changes = Partial<Omit<Scenario, 'name' | 'expect' | 'keyed'>> & {
  readonly expect?: Partial<Expectations>
  readonly keyed?: Partial<Expectations>
}

/** The same failing mode with other software: what differs, by the suffix of the name. */
export interface ScenarioFile extends Scenario {
  readonly variants?: Readonly<Record<string, Changes>>
}

/** Type-checks a scenario file and returns it together with its variants. */
export function defineScenario(file: ScenarioFile): readonly Scenario[] {
  const { variants = {}, ...base } = file
  const others = Object.entries(variants).map(([suffix, { expect, keyed, ...changes }]) => ({
    ...base,
    fast: false,
    sample: [],
    ...changes,
    name: `${base.name}-${suffix}`,
    expect: { ...base.expect, ...expect },
    ...(base.keyed || keyed ? { keyed: { ...base.keyed, ...keyed } } : {}),
  }))
  return [base, ...others]
}

/** The same expectation at every vantage. */
export function everywhere(expectation: Expectation): Expectations {
  return { client: expectation, middle: expectation, server: expectation }
}

/** All was got and nothing is wrong. */
export function healthy(attempted: number, completed = attempted): Expectations {
  return everywhere({ outcome: 'ok', cause: null, transfers: { attempted, completed } })
}

/**
 * For sessions under TLS: `truth` with the keys; without them the same, or honestly that it cannot be told. `also` are
 * other causes that the packets allow without the keys.
 */
export function underTls(
  truth: Expectations,
  also: readonly FindingId[] = [],
): { readonly expect: Expectations; readonly keyed: Expectations } {
  const { client, middle, server } = truth
  return {
    expect: { client: withoutKeys(client, also), middle: withoutKeys(middle, also), server: withoutKeys(server, also) },
    keyed: truth,
  }
}

function withoutKeys({ transfers: _, ...told }: Expectation, also: readonly FindingId[]): Expectation {
  if (told.outcome === 'ok') return told
  const { alsoOutcome = [], also: others = [] } = told
  const modest = { alsoOutcome: [...alsoOutcome, 'undetermined'] as const, also: [...others, ...also, null] }
  return { ...told, ...modest, knownWrong: 'not told from the records alone, without keys' }
}

/** For a vantage that the fault keeps the packets from. */
export const UNSEEN: Expectation = { outcome: 'undetermined', cause: null, visible: false }
