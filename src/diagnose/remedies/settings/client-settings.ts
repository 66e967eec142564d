import { remedyOn, settingsOf } from './recognized.js'

/** Exact names of the settings that remedies mention, per client software. */

/** Settings of one client; a setting that it lacks is omitted. */
export interface ClientSettings {
  /** Start of `clientSoftware`, in lower case, without the `probably` of a client known by its commands. */
  product: string
  name: string
  /** Connect to the control connection's address, whatever 227 says. */
  ignoreAnnounced?: string
  /** Passive mode. */
  passive?: string
  /** Active mode. */
  active?: string
  /** Connect to the server's IPv4 address. */
  ipv4?: string
  /** Send PRET before PASV. */
  pret?: string
  /** PASV instead of EPSV. */
  noExtended?: string
  /** PORT instead of EPRT. */
  noExtendedActive?: string
  /** EPSV instead of PASV. */
  extended?: string
  /** Announce this public address in active mode. */
  externalAddress?: (address: string) => string
  /** Transfers byte for byte (TYPE I). */
  binary?: string
  /** Explicit TLS, and nothing without it. */
  requireTls?: string
  /** Implicit TLS. */
  implicitTls?: string
  /** TLS for data (PROT P). */
  protectData?: string
  /** Send a command while nothing is transferred. */
  keepAlive?: string
  /** Trust an authority, or a self-signed certificate. */
  trust?: string
  /** Accept one certificate, whatever is wrong with it. */
  pin?: string
  /** The client's own certificate. */
  clientCertificate?: string
  /** TLS 1.2 and newer only. */
  strongTls?: string
}

/**
 * Names as in the manuals: curl(1), lftp(1), ncftp(1), FileZilla's settings dialog, WinSCP's documentation, ftp of
 * Windows, basic-ftp's README, wget(1), ftp(1) of tnftp.
 */
const CLIENTS: readonly ClientSettings[] = [
  {
    product: 'curl',
    name: 'curl',
    ignoreAnnounced: '--ftp-skip-pasv-ip (default from 7.74.0)',
    passive: 'omit --ftp-port (-P)',
    active: '--ftp-port -',
    ipv4: '--ipv4 (-4)',
    pret: '--ftp-pret',
    noExtended: '--disable-epsv',
    noExtendedActive: '--disable-eprt',
    extended: 'omit --disable-epsv',
    externalAddress: (address) => `--ftp-port ${address}`,
    binary: 'omit --use-ascii (-B) and ";type=a"',
    requireTls: '--ssl-reqd with ftp://',
    implicitTls: 'ftps:// instead of ftp://',
    protectData: '--ssl-reqd',
    keepAlive: '--keepalive-time 30',
    trust: '--cacert FILE',
    pin: '--insecure (-k) for a test',
    clientCertificate: '--cert FILE, --key FILE',
    strongTls: '--tlsv1.2',
  },
  {
    product: 'lftp',
    name: 'lftp',
    ignoreAnnounced: 'set ftp:ignore-pasv-address yes',
    passive: 'set ftp:passive-mode on',
    active: 'set ftp:passive-mode off',
    ipv4: 'set dns:order inet',
    pret: 'set ftp:use-pret yes',
    noExtended: 'set ftp:prefer-epsv no',
    extended: 'set ftp:prefer-epsv yes',
    externalAddress: (address) => `set ftp:port-ipv4 ${address}`,
    binary: 'get, put and mirror without -a',
    requireTls: 'set ftp:ssl-force yes with ftp://',
    implicitTls: 'ftps:// instead of ftp://',
    protectData: 'set ftp:ssl-protect-data yes',
    trust: 'set ssl:ca-file FILE',
    pin: 'set ssl:verify-certificate/FINGERPRINT no',
    clientCertificate: 'set ssl:cert-file FILE, set ssl:key-file FILE',
    strongTls: 'set ssl:priority "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1"',
  },
  {
    product: 'filezilla',
    name: 'FileZilla',
    ignoreAnnounced: "Settings > Connection > FTP > Passive mode: use the server's external IP address instead",
    passive: 'Site Manager > Transfer Settings: Passive',
    active: 'Site Manager > Transfer Settings: Active',
    ipv4: "Site Manager > General: the server's IPv4 address as host",
    externalAddress: (address) => `Settings > Connection > FTP > Active mode: use the following IP address, ${address}`,
    binary: 'Settings > Transfers > FTP: File Types: default transfer type Binary',
    requireTls: 'Site Manager > Encryption: Require explicit FTP over TLS',
    implicitTls: 'Site Manager > Encryption: Require implicit FTP over TLS',
    keepAlive: 'Settings > Connection > FTP: Send FTP keep-alive commands',
    trust: 'accept the certificate when asked, with Always trust',
    pin: 'accept the certificate when asked',
    strongTls: 'Settings > Connection > TLS: Minimum allowed TLS version 1.2',
  },
  { product: 'tnftp', name: 'tnftp', noExtended: 'epsv4 off', extended: 'epsv4 on' },
  {
    product: 'winscp',
    name: 'WinSCP',
    ignoreAnnounced: 'Advanced > Environment > FTP: Force IP address for passive mode connections: On',
    passive: 'Advanced > Connection: Passive mode',
    active: 'Advanced > Connection: Passive mode off',
    ipv4: 'Advanced > Connection: Internet protocol version IPv4',
    externalAddress: (address) => `Preferences > Network: Use following external IP address, ${address}`,
    binary: 'Transfer Settings: Transfer mode Binary',
    requireTls: 'Login dialog, Encryption: TLS/SSL Explicit encryption',
    implicitTls: 'Login dialog, Encryption: TLS/SSL Implicit encryption',
    keepAlive: 'Advanced > Connection: Keepalives',
    trust: 'accept the certificate when asked; in scripts open -certificate=FINGERPRINT',
    pin: 'open -certificate=FINGERPRINT',
    clientCertificate: 'open -clientcert=FILE',
    strongTls: 'Advanced > Connection > TLS/SSL: Minimum TLS/SSL version TLS 1.2',
  },
  { product: 'ncftp', name: 'NcFTP', passive: 'set passive on', active: 'set passive off', binary: 'type binary' },
  {
    product: 'windows ftp.exe',
    name: 'ftp.exe',
    passive: 'it has no passive mode; use curl.exe, which Windows includes, or WinSCP',
    binary: 'the command "binary" before get and put',
    requireTls: 'it has no TLS; use curl.exe --ssl-reqd, which Windows includes, or WinSCP',
  },
  {
    product: 'basic-ftp',
    name: 'basic-ftp',
    ignoreAnnounced: 'new Client(TIMEOUT, { allowSeparateTransferHost: false }), in version 5',
    noExtended: 'client.prepareTransfer = enterPassiveModeIPv4',
    extended: 'client.prepareTransfer = enterPassiveModeIPv6',
    ipv4: 'client.ftp.ipFamily = 4',
    requireTls: 'client.access({ secure: true })',
    implicitTls: 'client.access({ secure: "implicit" })',
    trust: 'client.access({ secure: true, secureOptions: { ca } })',
    clientCertificate: 'secureOptions: { cert, key }',
    strongTls: "secureOptions: { minVersion: 'TLSv1.2' }",
  },
  {
    product: 'wget',
    name: 'Wget',
    passive: 'omit --no-passive-ftp',
    active: '--no-passive-ftp',
    ipv4: '--inet4-only (-4)',
    trust: '--ca-certificate=FILE',
    pin: '--no-check-certificate for a test',
    clientCertificate: '--certificate=FILE, --private-key=FILE',
    strongTls: '--secure-protocol=TLSv1_2',
  },
]

/** Number of clients listed when the client is unknown. */
const USUAL = 4

/** A remedy in the client, like `serverRemedy` for servers. */
export function clientRemedy(
  software: string | null,
  meaning: string,
  setting: (client: ClientSettings) => string | undefined,
): string {
  return remedyOn('in the client', software, settingsOf(CLIENTS, software), CLIENTS.slice(0, USUAL), meaning, setting)
}
