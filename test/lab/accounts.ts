import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ACCOUNT } from './servers/server.js'
import type { ServerSpec } from './scenario.js'
import { run } from './shell.js'

const PAM = 'auth required pam_unix.so nodelay\naccount required pam_permit.so\nsession required pam_permit.so\n'

/** Where `ip netns exec` takes the files that it mounts over /etc inside a namespace. */
const folderOf = (namespace: string): string => join('/etc/netns', namespace)

/** Gives a namespace the lab's account, and a resolver, without touching the machine's. */
export async function addAccounts(namespace: string, home: string, spec?: ServerSpec): Promise<void> {
  const folder = folderOf(namespace)
  mkdirSync(join(folder, 'pam.d'), { recursive: true })
  const hash = (await run(['openssl', 'passwd', '-6', ACCOUNT.password])).stdout.trim()
  const { user, uid } = ACCOUNT
  const passwd = readFileSync('/etc/passwd', 'utf8')
  const anonymous = passwd.includes('\nftp:') ? '' : `ftp:x:2002:2002::${home}:/usr/sbin/nologin\n`
  writeFileSync(join(folder, 'passwd'), `${passwd}${user}:x:${uid}:${uid}::${home}:/bin/sh\n${anonymous}`)
  writeFileSync(join(folder, 'group'), `${readFileSync('/etc/group', 'utf8')}${user}:x:${uid}:\n`)
  writeFileSync(join(folder, 'shadow'), `${user}:${hash}:19000:0:99999:7:::\n`, { mode: 0o600 })
  writeFileSync(join(folder, 'pam.d/vsftpd'), PAM)
  writeFileSync(join(folder, 'pam.d/other'), PAM)
  writeFileSync(
    join(folder, 'resolv.conf'),
    `nameserver ${spec?.resolver ?? '127.0.0.1'}\noptions timeout:2 attempts:2\n`,
  )
  if (spec?.denyAll === true) writeFileSync(join(folder, 'hosts.deny'), 'ALL: ALL\n')
}

export function removeAccounts(namespace: string): void {
  rmSync(folderOf(namespace), { recursive: true, force: true })
}
