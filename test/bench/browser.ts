import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'tsdown'
import { SLICE_LENGTH } from '../../src/web/slice-length.js'
import { ROOT } from './tools.js'

/** What the page says of one analysis in a worker: seconds from the first byte to the report, and what is in that. */
export interface BrowserRun {
  seconds: number
  frames: number
  sessions: number
}

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome']
/** A browser that has not answered by then will not. */
const PATIENCE_MS = 300_000

/** Name and version of the browser that is installed, `null` without one. */
export function installedBrowser(): { program: string; version: string } | null {
  for (const program of PROGRAMS) {
    const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
    if (status === 0) return { program, version: stdout.trim() }
  }
  return null
}

/**
 * Analyses a capture in a browser's worker with the library as it is published, bundled for browsers. The capture is
 * fetched into a Blob first, as a file that is dropped onto a page is one; what is measured is reading and analysing
 * that.
 */
export async function measureInBrowser(program: string, capture: string, runs: number): Promise<BrowserRun[]> {
  const script = await bundle()
  const profile = mkdtempSync(join(tmpdir(), 'ftpscope-browser-'))
  let resolve!: (runs: BrowserRun[]) => void
  let reject!: (error: Error) => void
  const results = new Promise<BrowserRun[]>((...both) => ([resolve, reject] = both))
  const server = createServer((request, response) => {
    if (request.url === '/capture') createReadStream(capture, { highWaterMark: 1 << 20 }).pipe(response)
    else if (request.url === '/library.js') response.setHeader('content-type', 'text/javascript').end(script)
    else if (request.url === '/worker.js') response.setHeader('content-type', 'text/javascript').end(WORKER)
    else if (request.url === '/results') {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        response.end()
        const told = JSON.parse(body) as BrowserRun[] | { error: string }
        if (Array.isArray(told)) resolve(told)
        else reject(new Error(`The analysis in the browser failed: ${told.error}`))
      })
    } else response.setHeader('content-type', 'text/html').end(page(runs))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const options = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', `--user-data-dir=${profile}`]
  const browser = spawn(program, [...options, `http://127.0.0.1:${port}/`], {
    stdio: 'ignore',
    // A group of its own, so that all of its processes end with it.
    detached: true,
  })
  const closed = once(browser, 'close')
  const timer = setTimeout(() => {
    reject(new Error(`${program} gave no result within ${PATIENCE_MS / 1000} s`))
  }, PATIENCE_MS)
  try {
    return await results
  } finally {
    clearTimeout(timer)
    process.kill(-browser.pid!, 'SIGKILL')
    await closed
    server.close()
    server.closeAllConnections()
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 })
  }
}

async function bundle(): Promise<string> {
  const outDir = `${ROOT}dist/bench/browser`
  await build({
    config: false,
    cwd: ROOT,
    format: 'esm',
    fixedExtension: false,
    entry: { library: 'src/index.ts' },
    platform: 'browser',
    outDir,
    dts: false,
    noExternal: [/./],
    outputOptions: { codeSplitting: false },
    logLevel: 'error',
  })
  return readFileSync(`${outDir}/library.js`, 'utf8')
}

/** A worker for each run, since that is how a page that is opened begins: nothing is compiled yet. */
function page(runs: number): string {
  return `<!doctype html><meta charset="utf-8"><title>ftpscope</title><script type="module">
const send = (value) => fetch('/results', { method: 'POST', body: JSON.stringify(value) })
try {
  const capture = await (await fetch('/capture')).blob()
  const results = []
  for (let run = 0; run < ${runs}; run++) {
    results.push(await new Promise((resolve, reject) => {
      const worker = new Worker('/worker.js', { type: 'module' })
      worker.onmessage = ({ data }) => { worker.terminate(); data.error ? reject(new Error(data.error)) : resolve(data) }
      worker.onerror = (event) => reject(new Error(event.message))
      worker.postMessage(capture)
    }))
  }
  await send(results)
} catch (error) { await send({ error: String(error) }) }
</script>`
}

const WORKER = `import { Analyzer } from '/library.js'
onmessage = async ({ data }) => {
  try {
    const begin = performance.now()
    const analyzer = new Analyzer()
    analyzer.openFile('capture')
    const slice = (at) => data.slice(at, at + ${SLICE_LENGTH}).arrayBuffer()
    let next = slice(0)
    for (let at = ${SLICE_LENGTH}; ; at += ${SLICE_LENGTH}) {
      const bytes = await next
      if (bytes.byteLength === 0) break
      next = slice(at)
      analyzer.push(new Uint8Array(bytes))
    }
    analyzer.closeFile()
    const { capture, summary } = analyzer.end()
    postMessage({ seconds: (performance.now() - begin) / 1000, frames: capture.frames, sessions: summary.sessions })
  } catch (error) { postMessage({ error: String(error) }) }
}`
