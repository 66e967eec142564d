import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UNPACKED } from '../install.js'
import { run } from '../shell.js'
import { certificateFile, chainFile } from '../tls/certificates.js'
import { ACCOUNT, type Server } from './server.js'

/** Modules that are not compiled in, by the setting that asks for one. */
const MODULES: Readonly<Record<string, string>> = {
  TLSEngine: 'mod_tls.c',
  IdentLookups: 'mod_ident.c',
  BanEngine: 'mod_ban.c',
}

export const proftpd: Server = async ({ spec, port, passiveRange, family, folder, home }) => {
  const passwd = join(folder, 'proftpd.passwd')
  const hash = (await run(['openssl', 'passwd', '-6', ACCOUNT.password])).stdout.trim()
  writeFileSync(passwd, `${ACCOUNT.user}:${hash}:${ACCOUNT.uid}:${ACCOUNT.uid}::${home}:/bin/sh\n`, { mode: 0o600 })
  const chain = chainFile(spec.certificate)
  const tls = spec.tls !== undefined && spec.tls !== 'none'
  const settings: Record<string, string> = {
    ServerName: '"Example"',
    ServerType: 'standalone',
    DefaultServer: 'on',
    Port: `${port}`,
    User: 'nobody',
    Group: 'nogroup',
    UseIPv6: family === 6 ? 'on' : 'off',
    UseReverseDNS: 'off',
    WtmpLog: 'off',
    DelayEngine: 'off',
    AuthOrder: 'mod_auth_file.c',
    AuthUserFile: passwd,
    RequireValidShell: 'off',
    DefaultRoot: '~',
    AllowOverwrite: 'on',
    AllowStoreRestart: 'on',
    AllowRetrieveRestart: 'on',
    PassivePorts: `${passiveRange[0]} ${passiveRange[1]}`,
    PidFile: join(folder, 'proftpd.pid'),
    ScoreboardFile: join(folder, 'proftpd.scoreboard'),
    SystemLog: join(folder, 'proftpd.log'),
    TransferLog: 'none',
    ...(spec.settings !== undefined && 'BanEngine' in spec.settings ? { BanTable: join(folder, 'proftpd.bans') } : {}),
    ...(spec.announce === undefined ? {} : { MasqueradeAddress: spec.announce }),
    ...(tls
      ? {
          TLSEngine: 'on',
          TLSRSACertificateFile: certificateFile(spec.certificate),
          TLSRSACertificateKeyFile: certificateFile(spec.certificate),
          ...(chain === null ? {} : { TLSCertificateChainFile: chain }),
          TLSLog: join(folder, 'proftpd-tls.log'),
          TLSRequired: spec.tlsRequired === true ? 'on' : 'off',
          ...(spec.tls === 'implicit' ? { TLSOptions: 'UseImplicitSSL' } : {}),
        }
      : {}),
    ...spec.settings,
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`)
  const wanted = Object.entries(MODULES).filter(([setting]) => setting in settings)
  const modules = wanted.map(([, module]) => `LoadModule ${module}\n`)
  const preamble = `ModulePath ${join(UNPACKED, 'usr/lib/proftpd')}\n${modules.join('')}`
  const file = join(folder, 'proftpd.conf')
  writeFileSync(file, preamble + lines.join(''))
  return { command: [join(UNPACKED, 'usr/sbin/proftpd'), '--nodaemon', '--config', file] }
}
