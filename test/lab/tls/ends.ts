import {
  defineScenario,
  type Changes,
  type ClientSoftware,
  type ClientSpec,
  type Scenario,
  type ScenarioFile,
  type ServerSoftware,
  type ServerSpec,
  type Tls,
} from '../scenario.js'

/** A server and a client under TLS. */
export interface Ends {
  readonly server: ServerSoftware
  readonly client: ClientSoftware
  readonly version: '1.2' | '1.3'
  readonly tls: Exclude<Tls, 'none'>
}

/** Settings by which a server does not require that data connections resume the session of the control connection. */
const NO_REUSE: Partial<Record<ServerSoftware, Readonly<Record<string, string>>>> = {
  vsftpd: { require_ssl_reuse: 'NO' },
  proftpd: { TLSOptions: 'NoSessionReuseRequired' },
}

/** In implicit mode, what ProFTPD is told about TLS stands in the same setting. */
const IMPLICIT: Partial<Record<ServerSoftware, Readonly<Record<string, string>>>> = {
  proftpd: { TLSOptions: 'UseImplicitSSL NoSessionReuseRequired' },
}

/** The server of a pair, with additions; session reuse is not required. */
export function serverOf({ server, tls }: Ends, { settings, ...changes }: Partial<ServerSpec> = {}): ServerSpec {
  const usual = { ...NO_REUSE[server], ...(tls === 'implicit' ? IMPLICIT[server] : {}) }
  return { software: server, tls, settings: { ...usual, ...settings }, ...changes }
}

/** The client of a pair, with additions; it tries once, and only in the mode that it is told. */
export function clientOf({ client, tls, version }: Ends, changes: Partial<ClientSpec> = {}): ClientSpec {
  const options = [...(client === 'lftp' ? ['ftp:auto-passive-mode no'] : []), ...(changes.options ?? [])]
  return { software: client, tls, tlsVersion: version, actions: [{ get: 'readme.txt' }], ...changes, options }
}

/** `vsftpd curl 1.3`, or `vsftpd curl 1.3 implicit` */
function endsOf(words: string): Ends {
  const [server, client, version, tls = 'explicit'] = words.split(' ')
  return { server, client, version, tls } as Ends
}

const suffixOf = ({ server, client, version, tls }: Ends): string =>
  `${tls === 'implicit' ? 'implicit-' : ''}tls${version.replace('.', '')}-${server}-${client}`

/**
 * The same between several servers and clients under TLS: `pairs` names each with the version of TLS, and `implicit`
 * where TLS starts with the connection. The first pair is the scenario, the others its variants.
 */
export function underTlsBetween(
  pairs: readonly string[],
  file: Omit<ScenarioFile, 'server' | 'client' | 'variants'>,
  make: (ends: Ends) => Changes & Pick<Scenario, 'server' | 'client'>,
): readonly Scenario[] {
  const [first, ...others] = pairs.map(endsOf)
  return defineScenario({
    ...file,
    ...make(first!),
    expect: { ...file.expect, ...make(first!).expect },
    variants: Object.fromEntries(others.map((ends) => [suffixOf(ends), make(ends)])),
  })
}
