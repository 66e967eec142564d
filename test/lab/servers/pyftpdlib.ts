import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PYTHON } from '../install.js'
import { certificateFile } from '../tls/certificates.js'
import { ACCOUNT, type Server } from './server.js'

const PROGRAM = fileURLToPath(new URL('pyftpdlib_server.py', import.meta.url))

/** Settings are attributes of the handler or server, with JSON values. */
export const pyftpdlib: Server = ({ spec, address, port, passiveRange, family, folder, home }) => {
  const file = join(folder, 'pyftpdlib.json')
  const settings = {
    ...ACCOUNT,
    home,
    address: family === 6 ? '::' : address,
    port,
    passive: passiveRange,
    announce: spec.announce ?? null,
    tls: spec.tls ?? 'none',
    tlsRequired: spec.tlsRequired === true,
    certificate: certificateFile(spec.certificate),
    settings: spec.settings ?? {},
  }
  writeFileSync(file, JSON.stringify(settings))
  return { command: [PYTHON, PROGRAM, file] }
}
