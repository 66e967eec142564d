import { remedyOn, settingsOf } from './recognized.js'

/** Exact names of the settings that remedies mention, per server software. */

/** Settings of one server, each with its value; a setting that it lacks is omitted. */
export interface ServerSettings {
  /** Start of `serverSoftware`, in lower case. */
  product: string
  name: string
  /** Announce this public address in 227. */
  passiveAddress?: (address: string) => string
  /** Restrict passive ports to a range that the firewall opens, both ends inclusive. */
  passivePorts?: (low: number, high: number) => string
  /** Answer PASV and EPSV at all. */
  allowPassive?: string
  /** Accept PORT and EPRT at all. */
  allowActive?: string
  /** Refuse PORT to other hosts and to ports of services. */
  noBounce?: string
  /** Send active data from port 20. */
  activeSourcePort?: string
  /** Send active data from a port that the system chooses. */
  anySourcePort?: string
  /** Listen on, and connect from, this address. */
  listenAddress?: (address: string) => string
  /** Allow data connections from another address than the control connection's; each of these weakens a protection. */
  foreignAddress?: string
  /** Refuse such connections. */
  ownAddressOnly?: string
  /** No ident or reverse DNS lookup of connecting clients. */
  lookups?: string
  /** Idle time of the control connection. */
  idleTimeout?: string
  /** Settings that reject even a correct password. */
  loginChecks?: string
  /** Refuse logins in clear text. */
  requireTls?: string
  /** Allow logins in clear text. */
  clearLogin?: string
  /** Refuse data in clear text. */
  protectData?: string
  /** Allow data in clear text. */
  clearData?: string
  /** Do not require TLS session reuse on data connections. */
  noSessionReuse?: string
  /** The server's certificate, and its key. */
  certificate?: string
  /** The intermediate certificates that it sends after its own. */
  certificateChain?: string
  /** TLS 1.2 and newer, and strong ciphers only. */
  strongTls?: string
  /** Limit password guessing. */
  guessing?: string
  /** No conversion of line ends. */
  noConversion?: string
  /** Continue a transfer where it broke off (REST, APPE). */
  resume?: string
}

/** Number of servers listed when the server is unknown. */
const USUAL = 4

/**
 * Names as in the manuals: vsftpd.conf(5); ProFTPD's directive reference; pure-ftpd(8) and pure-ftpd.conf; pyftpdlib's
 * API reference; FileZilla Server 1.x manual; IIS configuration reference, system.ftpServer and ftpServer; Serv-U
 * administrator guide; ftpaccess(5); z/OS Communications Server IP Configuration Reference, FTP.DATA; IBM i CHGFTPA;
 * README of ftp-srv.
 */
const SERVERS: readonly ServerSettings[] = [
  {
    product: 'vsftpd',
    name: 'vsftpd',
    passiveAddress: (address) => `pasv_address=${address}`,
    passivePorts: (low, high) => `pasv_min_port=${low}, pasv_max_port=${high}`,
    allowPassive: 'pasv_enable=YES',
    allowActive: 'port_enable=YES',
    noBounce: 'port_promiscuous=NO',
    activeSourcePort: 'connect_from_port_20=YES',
    anySourcePort: 'connect_from_port_20=NO',
    listenAddress: (address) => `listen_address=${address}`,
    foreignAddress: 'pasv_promiscuous=YES',
    ownAddressOnly: 'pasv_promiscuous=NO',
    // Unknown settings keep vsftpd from starting: only builds of Red Hat have reverse_lookup_enable.
    lookups: 'tcp_wrappers=NO, and in builds of Red Hat reverse_lookup_enable=NO',
    idleTimeout: 'idle_session_timeout',
    loginChecks: 'its PAM service (pam_service_name: /etc/shells, /etc/ftpusers), userlist_enable and userlist_deny',
    requireTls: 'ssl_enable=YES, force_local_logins_ssl=YES',
    clearLogin: 'force_local_logins_ssl=NO',
    protectData: 'force_local_data_ssl=YES',
    clearData: 'force_local_data_ssl=NO',
    noSessionReuse: 'require_ssl_reuse=NO',
    guessing: 'max_login_fails, delay_failed_login',
    noConversion: 'ascii_download_enable=NO, ascii_upload_enable=NO',
    certificate: 'rsa_cert_file, rsa_private_key_file',
    certificateChain: 'rsa_cert_file, a file with the certificate first and its intermediates after it',
    strongTls: 'ssl_tlsv1=NO, ssl_tlsv1_1=NO, ssl_sslv2=NO, ssl_sslv3=NO, ssl_ciphers=HIGH',
  },
  {
    product: 'proftpd',
    name: 'ProFTPD',
    passiveAddress: (address) => `MasqueradeAddress ${address}`,
    passivePorts: (low, high) => `PassivePorts ${low} ${high}`,
    allowPassive: 'no <Limit PASV EPSV> that denies',
    allowActive: 'no <Limit PORT EPRT> that denies',
    noBounce: 'AllowForeignAddress off',
    anySourcePort: 'RootRevoke UseNonCompliantActiveTransfers',
    activeSourcePort: 'RootRevoke off (it cannot bind port 20 without root privileges)',
    listenAddress: (address) => `DefaultAddress ${address}, SocketBindTight on`,
    foreignAddress: 'AllowForeignAddress on',
    ownAddressOnly: 'AllowForeignAddress off',
    lookups: 'UseReverseDNS off, and where mod_ident is loaded IdentLookups off',
    idleTimeout: 'TimeoutIdle, TimeoutNoTransfer',
    loginChecks: 'RequireValidShell off for a shell that is not in /etc/shells; UseFtpUsers; <Limit LOGIN>',
    requireTls: 'TLSRequired on',
    clearLogin: 'TLSRequired off',
    protectData: 'TLSRequired on',
    clearData: 'TLSRequired ctrl',
    noSessionReuse: 'TLSOptions NoSessionReuseRequired',
    guessing: 'MaxLoginAttempts, mod_ban',
    noConversion: 'DefaultTransferMode binary, for clients that send no TYPE',
    resume: 'AllowStoreRestart on, AllowOverwrite on; for downloads AllowRetrieveRestart on',
    certificate: 'TLSRSACertificateFile, TLSRSACertificateKeyFile (TLSECCertificateFile for EC)',
    certificateChain: 'TLSCertificateChainFile',
    strongTls: 'TLSProtocol TLSv1.2 TLSv1.3, TLSCipherSuite HIGH:!aNULL:!3DES',
  },
  {
    product: 'pure-ftpd',
    name: 'Pure-FTPd',
    passiveAddress: (address) => `ForcePassiveIP ${address} (-P)`,
    passivePorts: (low, high) => `PassivePortRange ${low} ${high} (-p ${low}:${high})`,
    allowActive: "NATmode no (without -N); PORT to another address than the client's is refused",
    noBounce: 'AllowUserFXP no (without -w), AllowAnonymousFXP no (without -W)',
    foreignAddress: 'AllowUserFXP yes (-w)',
    ownAddressOnly: 'AllowUserFXP no (without -w)',
    lookups: 'DontResolve yes (-H)',
    idleTimeout: 'MaxIdleTime (-I)',
    loginChecks: 'MinUID (-u), a shell that is not in /etc/shells',
    requireTls: 'TLS 2 (--tls=2)',
    clearLogin: 'TLS 1 (--tls=1)',
    protectData: 'TLS 3 (--tls=3)',
    clearData: 'TLS 2 (--tls=2)',
    resume: 'AutoRename no (without -r)',
    certificate: 'CertFile, with certificate and key, or CertFileAndKey; restart it',
    certificateChain: 'CertFile, with the intermediates after the certificate',
    strongTls: 'TLSCipherSuite HIGH (-J), and a version that has no TLS 1.0',
  },
  {
    product: 'microsoft',
    name: 'IIS FTP',
    passiveAddress: (address) => `FTP Firewall Support of the site, External IP Address of Firewall: ${address}`,
    passivePorts: (low, high) =>
      `FTP Firewall Support of the machine (not of the site), Data Channel Port Range: ${low}-${high}; ` +
      'then restart the service ftpsvc',
    noBounce: 'dataChannelSecurity matchClientAddressForPort="true"',
    foreignAddress: 'dataChannelSecurity matchClientAddressForPasv="false"',
    ownAddressOnly: 'dataChannelSecurity matchClientAddressForPasv="true"',
    idleTimeout: 'Advanced Settings of the FTP site, Control Channel Timeout',
    loginChecks: 'FTP Authentication and FTP Authorization Rules of the site',
    requireTls: 'FTP SSL Settings, Require SSL connections',
    clearLogin: 'FTP SSL Settings, Allow SSL connections',
    protectData: 'FTP SSL Settings, Custom, data channel: Require',
    clearData: 'FTP SSL Settings, Custom, data channel: Allow',
    guessing: 'FTP Logon Attempt Restrictions',
    certificate: 'FTP SSL Settings of the site, SSL Certificate',
    certificateChain:
      "import the intermediate into the computer's store Intermediate Certification Authorities (certlm.msc), " +
      'then restart ftpsvc',
    strongTls: 'disable TLS 1.0, TLS 1.1, RC4 and Triple DES in the registry, SecurityProviders\\SCHANNEL',
  },
  {
    product: 'pyftpdlib',
    name: 'pyftpdlib',
    passiveAddress: (address) => `FTPHandler.masquerade_address = "${address}"`,
    passivePorts: (low, high) => `FTPHandler.passive_ports = range(${low}, ${high + 1})`,
    noBounce: 'FTPHandler.permit_foreign_addresses = False, permit_privileged_ports = False',
    foreignAddress: 'FTPHandler.permit_foreign_addresses = True',
    ownAddressOnly: 'FTPHandler.permit_foreign_addresses = False',
    idleTimeout: 'FTPHandler.timeout',
    requireTls: 'TLS_FTPHandler.tls_control_required = True',
    clearLogin: 'TLS_FTPHandler.tls_control_required = False',
    protectData: 'TLS_FTPHandler.tls_data_required = True',
    clearData: 'TLS_FTPHandler.tls_data_required = False',
    guessing: 'FTPHandler.max_login_attempts, auth_failed_timeout',
    certificate: 'TLS_FTPHandler.certfile and keyfile',
    certificateChain: 'TLS_FTPHandler.certfile, a PEM file with the certificate first and its intermediates after it',
    strongTls: 'TLS_FTPHandler.ssl_context with minimum_version = TLSVersion.TLSv1_2',
  },
  {
    product: 'filezilla server',
    name: 'FileZilla Server',
    passiveAddress: (address) =>
      `Protocols settings > FTP and FTP over TLS (FTPS) > Passive mode > Use the following host: ${address}`,
    passivePorts: (low, high) =>
      `Protocols settings > FTP and FTP over TLS (FTPS) > Passive mode > Use custom port range: ${low} to ${high}`,
    idleTimeout: 'Protocols settings > Timeouts > Activity timeout',
    requireTls: 'Server listeners, protocol: Require explicit FTP over TLS',
    clearLogin: 'Server listeners, protocol: Explicit FTP over TLS and insecure plain FTP',
    guessing: 'Protocols settings > Autoban',
    certificate: 'Server > Configure > FTP and FTP over TLS (FTPS) > Connection security: TLS certificate',
    certificateChain:
      'Connection security: TLS certificate, a file with the certificate first and its intermediates after it',
    strongTls: 'Connection security: Minimum allowed TLS version 1.2',
  },
  {
    product: 'serv-u',
    name: 'Serv-U',
    passiveAddress: (address) => `Listeners of the domain, PASV IP address: ${address}`,
    passivePorts: (low, high) =>
      `Server Limits & Settings > Settings > Network Settings, PASV Port Range: ${low} to ${high}`,
    idleTimeout: 'Limits & Settings > Limits > Connection: automatic idle connection timeout',
    guessing: 'Settings > Connection Settings: block users who connect too often',
  },
  {
    product: 'sftpgo',
    name: 'SFTPGo',
    passiveAddress: (address) => `force_passive_ip "${address}" of the FTP binding`,
    passivePorts: (low, high) => `ftpd passive_port_range { "start": ${low}, "end": ${high} }`,
    allowActive: 'ftpd disable_active_mode false',
    anySourcePort: 'ftpd active_transfers_port_non_20 true',
    foreignAddress: 'passive_connections_security 1 of the FTP binding',
    ownAddressOnly: 'passive_connections_security 0 of the FTP binding',
    requireTls: 'tls_mode 1 of the FTP binding',
    clearLogin: 'tls_mode 0 of the FTP binding',
    guessing: 'common defender',
  },
  {
    product: 'wu-ftpd',
    name: 'wu-ftpd',
    passiveAddress: (address) => `ftpaccess: passive address ${address} 0.0.0.0/0`,
    passivePorts: (low, high) => `ftpaccess: passive ports 0.0.0.0/0 ${low} ${high}`,
    foreignAddress: 'ftpaccess: pasv-allow',
    idleTimeout: 'ftpaccess: timeout idle',
    loginChecks: '/etc/shells, /etc/ftpusers, ftpaccess: class',
    guessing: 'ftpaccess: loginfails',
  },
  {
    product: 'z/os',
    name: 'z/OS FTP',
    passivePorts: (low, high) =>
      `PASSIVEDATAPORTS (${low},${high}) in FTP.DATA, and PORTRANGE ${low} ${high - low + 1} TCP AUTHPORT in PROFILE.TCPIP`,
    allowActive: 'PORTCOMMAND ACCEPT in FTP.DATA',
    noBounce: 'PORTCOMMANDPORT NOLOWPORTS and PORTCOMMANDIPADDR NOREDIRECT in FTP.DATA',
    foreignAddress: 'PASSIVEDATACONN UNRESTRICTED in FTP.DATA',
    ownAddressOnly: 'PASSIVEDATACONN NOREDIRECT in FTP.DATA',
    idleTimeout: 'INACTIVE in FTP.DATA',
    requireTls: 'EXTENSIONS AUTH_TLS and SECURE_FTP REQUIRED in FTP.DATA',
    clearLogin: 'SECURE_FTP ALLOWED in FTP.DATA',
    protectData: 'SECURE_DATACONN PRIVATE in FTP.DATA',
    clearData: 'SECURE_DATACONN CLEAR in FTP.DATA',
    noSessionReuse: 'SECURE_SESSION_REUSE ALLOWED in FTP.DATA',
  },
  {
    product: 'ftp-srv',
    name: 'ftp-srv',
    passiveAddress: (address) => `pasv_url: '${address}'`,
    passivePorts: (low, high) => `pasv_min: ${low}, pasv_max: ${high}`,
  },
  {
    product: 'ibm i',
    name: 'IBM i FTP',
    idleTimeout: 'CHGFTPA INACTTIMO',
    requireTls: 'CHGFTPA ALWSSL(*ONLY)',
    clearLogin: 'CHGFTPA ALWSSL(*YES)',
    loginChecks: 'the exit programs of QIBM_QTMF_SVR_LOGON, QMAXSIGN',
  },
]

/** Settings of the server recognized in a session; `null` if it was not recognized or is not in the table. */
export function serverSettings(software: string | null): ServerSettings | null {
  return settingsOf(SERVERS, software)
}

/**
 * A remedy on the server: as a setting of the recognized one; if that has no such setting, its `meaning` in plain
 * words; for an unknown server, the meaning with the settings of the usual ones.
 */
export function serverRemedy(
  software: string | null,
  meaning: string,
  setting: (server: ServerSettings) => string | undefined,
): string {
  return remedyOn('on the server', software, serverSettings(software), SERVERS.slice(0, USUAL), meaning, setting)
}
