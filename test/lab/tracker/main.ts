/**
 * What Linux's nf_conntrack_ftp does with every form of announcement, beside what src/diagnose/alg/nf-conntrack-ftp.ts
 * says it would do. Exit 1 where they differ. `npm run lab:tracker`, as root.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { capture, stopCaptures } from '../capture.js'
import { install } from '../install.js'
import { TYPESCRIPT } from '../servers/scripted-launch.js'
import { exitOf, run } from '../shell.js'
import { compare, type Deed } from './compare.js'
import { expectationsOf } from './expectations.js'
import { TrackingRouter } from './router.js'
import { VARIANTS } from './variants.js'

const TALKER = [...TYPESCRIPT, fileURLToPath(new URL('talker.ts', import.meta.url))]

interface Talker {
  readonly child: ChildProcess
  readonly said: () => string
}

function talk(enter: readonly string[], role: string): Talker {
  const [program, ...args] = [...enter, ...TALKER, role]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return { child, said: () => said }
}

/** What arrived of each variant at the other end. */
function receivedOf({ said }: Talker): Record<number, string> {
  const line = said()
    .split('\n')
    .findLast((text) => text.startsWith('{'))
  if (line === undefined) throw new Error(`The talker ended without a result: ${said()}`)
  return JSON.parse(line) as Record<number, string>
}

async function deeds(router: TrackingRouter, folder: string): Promise<Deed[]> {
  const files = { client: join(folder, 'client.pcap'), server: join(folder, 'server.pcap') }
  const captures = await Promise.all([
    capture(router.enter('client'), 'eth0', files.client),
    capture(router.enter('server'), 'eth0', files.server),
  ])
  const server = talk(router.enter('server'), 'server')
  await once(server.child.stdout!, 'data')
  const client = talk(router.enter('client'), 'client')
  const status = await exitOf(client.child)
  if (status !== 0) throw new Error(`The client ended with ${status}`)
  const expectations = [
    ...expectationsOf((await run([...router.enter('router'), 'conntrack', '-L', 'expect', '-f', 'ipv4'])).stdout),
    ...expectationsOf((await run([...router.enter('router'), 'conntrack', '-L', 'expect', '-f', 'ipv6'])).stdout),
  ]
  const ended = exitOf(server.child)
  server.child.kill('SIGTERM')
  await ended
  await stopCaptures(captures, Object.values(files))
  return compare({ ...receivedOf(client), ...receivedOf(server) }, expectations, {
    client: readFileSync(files.client),
    server: readFileSync(files.server),
  })
}

async function main(): Promise<number> {
  if (process.getuid?.() !== 0) {
    console.error('The check needs root: it makes network namespaces and captures packets')
    return 2
  }
  await install((line) => {
    console.error(line)
  })
  const router = new TrackingRouter()
  const folder = mkdtempSync(join(tmpdir(), 'ftpscope-tracker-'))
  try {
    await router.setUp()
    const done = await deeds(router, folder)
    const wrong = done.filter(({ did, predicted }) => did !== predicted)
    for (const { name, did, predicted, why } of process.argv.includes('--all') ? done : wrong)
      console.log(
        `${did === predicted ? 'equal ' : 'DIFFER'}  ${name}: the kernel ${did}, predicted ${predicted}${why && ` (${why})`}`,
      )
    const release = (await run(['uname', '-r'])).stdout.trim()
    console.log(
      `${VARIANTS.length - wrong.length} of ${VARIANTS.length} announcements: nf_conntrack_ftp of Linux ${release} did as predicted`,
    )
    return wrong.length === 0 ? 0 : 1
  } finally {
    await router.tearDown()
    rmSync(folder, { recursive: true, force: true })
  }
}

process.exitCode = await main()
