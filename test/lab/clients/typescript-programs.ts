import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TYPESCRIPT } from '../servers/scripted-launch.js'
import { keyLogIn } from '../tls/key-log.js'
import type { Client, ClientContext } from './client.js'

const program = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

function launch(file: string, context: ClientContext): readonly string[] {
  const settings = join(context.folder, 'client.json')
  writeFileSync(settings, JSON.stringify(context))
  const [node, ...options] = TYPESCRIPT
  return [node, `--tls-keylog=${keyLogIn(context.folder)}`, ...options, file, settings]
}

export const basicFtp: Client = (context) => ({ command: launch(program('basic-ftp-program.ts'), context) })
export const scripted: Client = (context) => ({ command: launch(program('scripted.ts'), context) })
