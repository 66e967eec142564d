import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PYTHON } from '../install.js'
import { certificateFile } from '../tls/certificates.js'
import type { Server } from './server.js'

const PROGRAM = fileURLToPath(new URL('strict_tls_server.py', import.meta.url))

/** No server that honours CCC also insists on close_notify, and without CCC its complaint cannot be read. */
export const strictTls: Server = ({ address, port, passiveRange, folder, home }) => {
  const file = join(folder, 'strict-tls.json')
  writeFileSync(file, JSON.stringify({ address, port, passive: passiveRange, home, certificate: certificateFile() }))
  return { command: [PYTHON, PROGRAM, file] }
}
