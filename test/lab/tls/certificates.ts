import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE } from '../cache.js'
import type { Certificate } from '../scenario.js'
import { run } from '../shell.js'
import {
  SERVER2_INSIDE,
  SERVER2_PUBLIC,
  SERVER_INSIDE,
  SERVER_OUTSIDE,
  SERVER_PUBLIC,
  SERVER_V6,
} from '../addresses.js'

/**
 * The lab's public key infrastructure: an authority that clients trust, an intermediate one, and a certificate for each
 * thing that can be wrong with one. All servers share a key.
 */
const FOLDER = join(CACHE, 'certificates')

/** What a client trusts that verifies certificates. */
export const AUTHORITY = join(FOLDER, 'authority.crt')

/** Key, certificate and chain of a server, in this order. */
export const certificateFile = (kind: Certificate = 'self-signed'): string => join(FOLDER, `${kind}.pem`)

/** The chain alone, for a server that takes it from a file of its own; `null` if none is sent. */
export const chainFile = (kind: Certificate = 'self-signed'): string | null =>
  kind !== 'self-signed' && LEAVES[kind].chain === undefined && LEAVES[kind].issuer === undefined
    ? join(FOLDER, 'intermediate.crt')
    : null

const VALID = ['20240101000000Z', '20481231235959Z'] as const
const PAST = ['20200101000000Z', '20210101000000Z'] as const
const FUTURE = ['20460101000000Z', '20481231235959Z'] as const

const ADDRESSES = [SERVER_PUBLIC, SERVER_OUTSIDE, SERVER_INSIDE, SERVER2_PUBLIC, SERVER2_INSIDE, SERVER_V6]
const NAMES = ['DNS:ftp.example.net', ...ADDRESSES.map((address) => `IP:${address}`)].join(',')

interface Leaf {
  readonly issuer?: 'intermediate' | 'stranger'
  readonly validity?: readonly [string, string]
  readonly names?: string
  readonly chain?: readonly string[]
}

const LEAVES: Readonly<Record<Exclude<Certificate, 'self-signed'>, Leaf>> = {
  trusted: {},
  expired: { validity: PAST },
  'not-yet-valid': { validity: FUTURE },
  'other-name': { names: 'DNS:www.example.org' },
  'no-intermediate': { chain: [] },
  'unknown-authority': { issuer: 'stranger', chain: [] },
}

/** Makes all of them, unless they are there. */
export async function makeCertificates(): Promise<void> {
  if (existsSync(FOLDER)) return
  const folder = `${FOLDER}.${process.pid}`
  mkdirSync(folder, { recursive: true })
  await new Authority(folder).makeAll()
  renameSync(folder, FOLDER)
}

class Authority {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  async makeAll(): Promise<void> {
    for (const name of ['authority', 'intermediate', 'stranger', 'server', 'self-signed'])
      await this.#openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', `${name}.key`)
    for (const name of ['authority', 'stranger', 'self-signed'])
      await this.#selfSigned(name, name === 'self-signed' ? ['subjectAltName=DNS:ftp.example.net'] : [AUTHORITY_USE])
    await this.#signed('intermediate', 'authority', 'intermediate.key', VALID, 'basicConstraints=critical,CA:true')
    for (const [
      name,
      { issuer = 'intermediate', validity = VALID, names = NAMES, chain = ['intermediate'] },
    ] of Object.entries(LEAVES)) {
      await this.#signed(name, issuer, 'server.key', validity, `subjectAltName=${names}`)
      this.#bundle(name, ['server.key', `${name}.crt`, ...chain.map((one) => `${one}.crt`)])
    }
    this.#bundle('self-signed', ['self-signed.key', 'self-signed.crt'])
  }

  async #selfSigned(name: string, extensions: readonly string[]): Promise<void> {
    const subject = name === 'self-signed' ? 'ftp.example.net' : `Example ${name}`
    const options = ['-x509', '-days', '8000', '-key', `${name}.key`, '-out', `${name}.crt`, '-subj', `/CN=${subject}`]
    await this.#openssl('req', ...options, ...extensions.flatMap((extension) => ['-addext', extension]))
  }

  async #signed(
    name: string,
    issuer: string,
    key: string,
    [from, to]: readonly [string, string],
    extension: string,
  ): Promise<void> {
    const path = (file: string): string => join(this.#folder, file)
    const subject = key === 'server.key' ? 'ftp.example.net' : `Example ${name}`
    await this.#openssl('req', '-new', '-key', key, '-subj', `/CN=${subject}`, '-out', `${name}.csr`)
    writeFileSync(path('issued.txt'), '')
    writeFileSync(
      path('ca.conf'),
      `[ca]\ndefault_ca=lab\n[lab]\ndatabase=issued.txt\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\n` +
        `policy=any\nunique_subject=no\nx509_extensions=extensions\n[any]\ncommonName=supplied\n[extensions]\n${extension}\n`,
    )
    const validity = ['-startdate', from, '-enddate', to]
    const signer = ['-cert', `${issuer}.crt`, '-keyfile', `${issuer}.key`]
    const files = ['-config', 'ca.conf', '-in', `${name}.csr`, '-out', `${name}.crt`]
    await this.#openssl('ca', '-batch', '-notext', ...files, ...signer, ...validity)
  }

  #bundle(name: string, parts: readonly string[]): void {
    const text = parts.map((part) => readFileSync(join(this.#folder, part), 'utf8')).join('')
    rmSync(join(this.#folder, `${name}.pem`), { force: true })
    writeFileSync(join(this.#folder, `${name}.pem`), text, { mode: 0o600 })
  }

  #openssl(...args: readonly string[]) {
    return run(['openssl', ...args], { cwd: this.#folder })
  }
}

const AUTHORITY_USE = 'keyUsage=critical,keyCertSign'
