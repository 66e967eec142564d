/** Real names of the settings that remedies speak of, per server and client software. */

export interface ServerSettings {
  /** Start of `serverSoftware`, lower case. */
  product: string
  name: string
  /** Announce an outside address in 227. */
  passiveAddress: (address: string) => string
  /** Restrict passive ports to a range that the firewall opens. */
  passivePorts: (low: string, high: string) => string
  /** Send active data from port 20. */
  activeSourcePort?: string
  /** Admit data connections from another address than the control connection's. */
  foreignAddress?: string
  /** No ident or reverse DNS look-up at connection. */
  lookups?: string
  /** Idle time of the control connection. */
  idleTimeout?: string
  /** Limits of connections. */
  limits?: string
}

const SERVERS: readonly ServerSettings[] = [
  {
    product: 'vsftpd',
    name: 'vsftpd',
    passiveAddress: (address) => `pasv_address=${address} (a name needs pasv_addr_resolve=YES)`,
    passivePorts: (low, high) => `pasv_min_port=${low}, pasv_max_port=${high}`,
    activeSourcePort: 'connect_from_port_20=YES',
    foreignAddress: 'pasv_promiscuous=YES (weakens protection)',
    lookups: 'reverse_lookup_enable=NO',
    idleTimeout: 'idle_session_timeout',
    limits: 'max_clients, max_per_ip',
  },
  {
    product: 'proftpd',
    name: 'ProFTPD',
    passiveAddress: (address) => `MasqueradeAddress ${address}`,
    passivePorts: (low, high) => `PassivePorts ${low} ${high}`,
    foreignAddress: 'AllowForeignAddress on (weakens protection)',
    lookups: 'UseReverseDNS off, IdentLookups off',
    idleTimeout: 'TimeoutIdle, TimeoutNoTransfer',
    limits: 'MaxInstances, MaxClients, MaxClientsPerHost',
  },
  {
    product: 'pure-ftpd',
    name: 'Pure-FTPd',
    passiveAddress: (address) => `-P ${address} (ForcePassiveIP)`,
    passivePorts: (low, high) => `-p ${low}:${high} (PassivePortRange)`,
    lookups: '-H (DontResolve)',
    idleTimeout: '-I (MaxIdleTime)',
    limits: '-c (MaxClientsNumber), -C (MaxClientsPerIP)',
  },
  {
    product: 'pyftpdlib',
    name: 'pyftpdlib',
    passiveAddress: (address) => `FTPHandler.masquerade_address = "${address}"`,
    passivePorts: (low, high) => `FTPHandler.passive_ports = range(${low}, ${high} + 1)`,
    foreignAddress: 'FTPHandler.permit_foreign_addresses = True (weakens protection)',
    idleTimeout: 'FTPHandler.timeout',
    limits: 'FTPServer.max_cons, max_cons_per_ip',
  },
  {
    product: 'filezilla server',
    name: 'FileZilla Server',
    passiveAddress: (address) => `Server > Configure > Passive mode: use the following IP ${address}`,
    passivePorts: (low, high) => `Passive mode: use custom port range ${low}-${high}`,
    idleTimeout: 'Protocols settings > Timeouts: connections timeout',
    limits: 'connection limits',
  },
  {
    product: 'microsoft',
    name: 'IIS FTP',
    passiveAddress: (address) => `IIS Manager > FTP Firewall Support: External IP Address of Firewall ${address}`,
    passivePorts: (low, high) =>
      `FTP Firewall Support: Data Channel Port Range ${low}-${high}, then restart the FTP service`,
    idleTimeout: 'FTP site > Advanced settings: Control Channel Timeout',
    limits: 'FTP site > Advanced settings: Max Connections',
  },
  {
    product: 'serv-u',
    name: 'Serv-U',
    passiveAddress: (address) => `Domain listener: PASV IP address ${address}`,
    passivePorts: (low, high) => `Server Limits and Settings > Network: PASV port range ${low}-${high}`,
    idleTimeout: 'Limits: automatic idle connection timeout',
    limits: 'Limits: maximum number of sessions',
  },
  {
    product: 'wu-ftpd',
    name: 'wu-ftpd',
    passiveAddress: (address) => `ftpaccess: passive address ${address} 0.0.0.0/0`,
    passivePorts: (low, high) => `ftpaccess: passive ports 0.0.0.0/0 ${low} ${high}`,
    idleTimeout: 'ftpaccess: timeout idle',
    limits: 'ftpaccess: limit',
  },
]

/** Settings of the server recognised in a session, `null` when it was not or is not in the table. */
function serverSettings(software: string | null): ServerSettings | null {
  if (software === null) return null
  const text = software.toLowerCase()
  return SERVERS.find((server) => text.startsWith(server.product)) ?? null
}

/** One line for the recognised server, or one for all of the usual ones. */
export function serverRemedy(software: string | null, setting: (server: ServerSettings) => string | undefined): string {
  const known = serverSettings(software)
  const own = known ? setting(known) : undefined
  if (known && own !== undefined) return `on the server (${software}): ${own}`
  const all = SERVERS.slice(0, 6).flatMap((server) => {
    const text = setting(server)
    return text === undefined ? [] : [`${server.name}: ${text}`]
  })
  return `on the server (${all.join('; ')})`
}

export interface ClientSettings {
  product: string
  name: string
  ignoreAnnounced?: string
  active?: string
  passive?: string
  noExtended?: string
  externalAddress?: string
  /** Transfers byte for byte (TYPE I). */
  binary?: string
}

const CLIENTS: readonly ClientSettings[] = [
  {
    product: 'curl',
    name: 'curl',
    ignoreAnnounced: '--ftp-skip-pasv-ip',
    passive: 'leave out --ftp-port (-P)',
    noExtended: '--disable-epsv',
    externalAddress: '--ftp-port ADDRESS',
    binary: 'leave out --use-ascii (-B) and ";type=a"',
  },
  {
    product: 'lftp',
    name: 'lftp',
    ignoreAnnounced: 'set ftp:fix-pasv-address yes',
    passive: 'set ftp:passive-mode on',
    noExtended: 'set ftp:prefer-epsv no',
    externalAddress: 'set ftp:port-ipv4 ADDRESS',
    binary: 'get, put and mirror without -a',
  },
  { product: 'ncftp', name: 'NcFTP', passive: 'set passive on', binary: 'type binary' },
  {
    product: 'filezilla',
    name: 'FileZilla',
    ignoreAnnounced: "Settings > Passive mode: use the server's external IP address instead",
    passive: 'Transfer settings: passive',
    externalAddress: 'Settings > Active mode: use the following IP address',
    binary: 'Settings > Transfers > File types: default transfer type binary',
  },
  {
    product: 'winscp',
    name: 'WinSCP',
    ignoreAnnounced: 'Force IP address for passive mode connections: on',
    passive: 'Connection: passive mode',
    externalAddress: 'Preferences > Transfer > external IP address',
    binary: 'Transfer settings > Transfer mode: binary',
  },
]

/** One line for the recognised client, or one for the usual ones. */
export function clientRemedy(software: string | null, setting: (client: ClientSettings) => string | undefined): string {
  const text = software?.toLowerCase() ?? ''
  const known = CLIENTS.find((client) => text.startsWith(client.product))
  const own = known ? setting(known) : undefined
  if (own !== undefined) return `on the client (${software}): ${own}`
  const all = CLIENTS.flatMap((client) => {
    const value = setting(client)
    return value === undefined ? [] : [`${client.name}: ${value}`]
  })
  return `on the client (${all.join('; ')})`
}
