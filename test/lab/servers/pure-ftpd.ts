import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CERTIFICATE, UNPACKED } from '../install.js'
import { run } from '../shell.js'
import { ACCOUNT, type Server } from './server.js'

/**
 * Settings are command line options here: `{ '-C': '1' }`; an option without a value has an empty one, `no` leaves it
 * out.
 */
export const pureFtpd: Server = async ({ spec, port, passiveRange, family, folder, home }) => {
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
      : { '-Y': spec.tls === 'implicit' ? '3' : spec.tlsRequired === true ? '2' : '1', '-2': CERTIFICATE }),
    ...spec.settings,
  }
  const wanted = Object.entries(options).filter(([, value]) => value !== 'no')
  const args = wanted.flatMap(([name, value]) => (value === '' ? [name] : [name, value]))
  return { command: [join(UNPACKED, 'usr/sbin/pure-ftpd'), '-g', join(folder, 'pure-ftpd.pid'), ...args] }
}
