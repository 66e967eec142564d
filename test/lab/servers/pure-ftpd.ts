import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UNPACKED } from '../install.js'
import { run } from '../shell.js'
import { certificateFile } from '../tls/certificates.js'
import { ACCOUNT, type Server } from './server.js'

/**
 * Settings are command line options here: `{ '-C': '1' }`; an option without a value has an empty one, `no` leaves it
 * out.
 */
export const pureFtpd: Server = async ({ spec, port, passiveRange, family, folder, home }) => {
  if (spec.tls === 'implicit') throw new Error('Pure-FTPd has no implicit TLS')
  const accounts = join(folder, 'pureftpd.passwd')
  const database = join(folder, 'pureftpd.pdb')
  const hash = (await run(['openssl', 'passwd', '-6', ACCOUNT.password])).stdout.trim()
  const limits = ':'.repeat(12)
  writeFileSync(accounts, `${ACCOUNT.user}:${hash}:${ACCOUNT.uid}:${ACCOUNT.uid}::${home}/./${limits}\n`, {
    mode: 0o600,
  })
  await run([join(UNPACKED, 'usr/bin/pure-pw'), 'mkdb', database, '-f', accounts])
  const options: Record<string, string> = {
    '-l': `puredb:${database}`,
    '-S': `${port}`,
    '-p': `${passiveRange[0]}:${passiveRange[1]}`,
    '-A': '',
    '-E': '',
    '-H': '',
    ...(family === 4 ? { '-4': '' } : {}),
    ...(spec.announce === undefined ? {} : { '-P': spec.announce }),
    ...(spec.tls === undefined || spec.tls === 'none'
      ? {}
      : {
          '-Y': spec.tlsRequired === true ? '2' : '1',
          '-2': certificateFile(spec.certificate),
        }),
    ...spec.settings,
  }
  const wanted = Object.entries(options).filter(([, value]) => value !== 'no')
  const args = wanted.flatMap(([name, value]) => (value === '' ? [name] : [name, value]))
  return { command: [join(UNPACKED, 'usr/sbin/pure-ftpd'), '-g', join(folder, 'pure-ftpd.pid'), ...args] }
}
