import { existsSync, mkdirSync, readdirSync, writeFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE } from './cache.js'
import { run } from './shell.js'
import { makeCertificates } from './tls/certificates.js'
import { buildKeyLogLibrary } from './tls/key-log.js'

/** The three classic servers refuse to be installed side by side, so they are unpacked here instead. */
export const UNPACKED = join(CACHE, 'root')
export const PYTHON = '/usr/bin/python3'

const SERVERS = ['vsftpd', 'proftpd-core', 'proftpd-mod-crypto', 'pure-ftpd']
const SERVER_LIBRARIES = [
  'libcap2',
  'libhiredis0.14',
  'libmemcached11',
  'libmemcachedutil2',
  'libpam-modules',
  'libpcre2-posix3',
  'libsodium23',
  'libwrap0',
]
const TOOLS = [
  'iproute2',
  'nftables',
  'iptables',
  'conntrack',
  'ethtool',
  'procps',
  'tcpdump',
  'openssl',
  'wireshark-common',
  'gcc',
  'libc6-dev',
]
const PYTHON_PACKAGES = ['python3', 'python3-pyftpdlib', 'python3-openssl']
const CLIENTS = ['curl', 'lftp', 'tnftp', 'ncftp', 'inetutils-ftp', 'wget']

/** Installs what is missing; a second run does nothing. */
export async function install(say: (line: string) => void): Promise<void> {
  mkdirSync(CACHE, { recursive: true })
  const wanted = [...SERVER_LIBRARIES, ...TOOLS, ...PYTHON_PACKAGES, ...CLIENTS]
  const missing = await notInstalled(wanted)
  const unpacked = existsSync(join(CACHE, 'versions.json'))
  if (missing.length > 0 || !unpacked) {
    await run(['apt-get', 'update', '-qq'])
  }
  if (missing.length > 0) {
    say(`Installing ${missing.join(' ')}`)
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await run(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...missing], { env })
  }
  if (!unpacked) {
    say(`Unpacking ${SERVERS.join(' ')} into ${UNPACKED}`)
    await unpack()
  }
  await makeCertificates()
  await buildKeyLogLibrary()
}

async function notInstalled(packages: readonly string[]): Promise<string[]> {
  const { stdout } = await run(['dpkg-query', '-W', '-f', '${Package} ${Status}\n', ...packages], { mayFail: true })
  const installed = new Set(
    stdout
      .split('\n')
      .filter((line) => line.endsWith('install ok installed'))
      .map((line) => line.split(' ')[0]),
  )
  return packages.filter((name) => !installed.has(name))
}

async function unpack(): Promise<void> {
  const folder = join(CACHE, 'packages')
  mkdirSync(folder, { recursive: true })
  await run(['apt-get', 'download', '-qq', ...SERVERS], { cwd: folder })
  const versions: Record<string, string> = {}
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
    await run(['dpkg', '-x', join(folder, file), UNPACKED])
    const [name = '', version = ''] = file.split('_')
    versions[name.replace('-core', '')] = decodeURIComponent(version)
  }
  writeFileSync(join(CACHE, 'versions.json'), JSON.stringify(versions))
}

/** Version of a server or client as its package names it. */
export async function versionOf(software: string): Promise<string> {
  const unpacked = JSON.parse(readFileSync(join(CACHE, 'versions.json'), 'utf8')) as Record<string, string>
  const known = unpacked[software]
  if (known !== undefined) return known
  const name = { pyftpdlib: 'python3-pyftpdlib', ftplib: 'python3' }[software] ?? software
  const { code, stdout } = await run(['dpkg-query', '-W', '-f', '${Version}', name], { mayFail: true })
  return code === 0 ? stdout : ''
}
