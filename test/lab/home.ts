import { chownSync, mkdirSync, writeFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Scenario } from './scenario.js'
import { uploadName } from './clients/client.js'
import { ACCOUNT } from './servers/server.js'

const README = 'This file was served by a machine in the lab.\n'.repeat(20)

/** What a home directory holds unless a scenario says otherwise. */
const FILES: Readonly<Record<string, number | string>> = {
  'readme.txt': README,
  'report.bin': 6000,
  'pub/a.txt': 'first\n',
  'pub/b.txt': 'second\n',
}

/** What a file of the server has in a run, or what a client sends to it; `null` where neither is known. */
export function fileContent({ server, client }: Pick<Scenario, 'server' | 'client'>, name: string): Buffer | null {
  const sent = client.actions?.find((action) => 'put' in action && action.put === name)
  if (sent && 'put' in sent) return pattern(sent.size)
  const content = server.files?.[name] ?? FILES[name]
  if (content === undefined) return null
  return typeof content === 'string' ? Buffer.from(content) : pattern(content)
}

/** Fills a server's home directory. */
export function fillHome(home: string, files: Scenario['server']['files']): void {
  for (const [name, content] of Object.entries({ ...FILES, ...files })) {
    const path = join(home, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, typeof content === 'string' ? content : pattern(content))
  }
  own(home)
}

/** Puts what a client is going to send, or to go on receiving, into its folder. */
export function fillUploads(folder: string, { client }: Scenario): void {
  for (const action of client.actions ?? []) {
    if ('get' in action && action.restart !== undefined)
      writeFileSync(join(folder, action.get), pattern(action.restart))
    if ('put' in action) writeFileSync(join(folder, uploadName(action.put)), pattern(action.size))
  }
}

/** Bytes that look like no text and compress badly, the same on every run. */
function pattern(size: number): Buffer {
  const bytes = Buffer.alloc(size)
  let state = 12345
  for (let at = 0; at < size; at++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    bytes[at] = state >>> 16
  }
  return bytes
}

function own(path: string): void {
  chownSync(path, ACCOUNT.uid, ACCOUNT.uid)
  if (statSync(path).isDirectory()) for (const name of readdirSync(path)) own(join(path, name))
}
