import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Server } from './server.js'

const PROGRAM = fileURLToPath(new URL('scripted.ts', import.meta.url))
export const TYPESCRIPT = [process.execPath, '--import', import.meta.resolve('tsx')] as const

export const scripted: Server = ({ spec, address, port, passiveRange, family, folder, home }) => {
  const file = join(folder, 'script.json')
  writeFileSync(file, JSON.stringify({ address, port, passiveRange, family, home, script: spec.script ?? {} }))
  return { command: [...TYPESCRIPT, PROGRAM, file] }
}
