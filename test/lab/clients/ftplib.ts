import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PYTHON } from '../install.js'
import { AUTHORITY } from '../tls/certificates.js'
import { keyLogIn } from '../tls/key-log.js'
import type { Client } from './client.js'

const PROGRAM = fileURLToPath(new URL('ftplib_client.py', import.meta.url))

export const ftplib: Client = ({ spec, actions, user, password, host, port, folder, timeout }) => {
  const file = join(folder, 'ftplib.json')
  const settings = {
    ...{ host, port, user, password, actions },
    timeout: Math.min(timeout, 8),
    mode: spec.mode ?? null,
    tls: spec.tls ?? 'none',
    ascii: spec.ascii === true,
    options: spec.options ?? [],
    tlsVersion: spec.tlsVersion ?? null,
    authority: spec.verify === true ? AUTHORITY : null,
    keylog: keyLogIn(folder),
  }
  writeFileSync(file, JSON.stringify(settings))
  return { command: [PYTHON, PROGRAM, file] }
}
