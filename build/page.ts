/** Builds the page of `src/web/` as one file: `npm run build` writes it to dist/page.html. */
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { pageTemplate } from '../src/report/page/template.js'
import { licenceOf } from './licences.js'

const ROOT = dirname(import.meta.dirname)

/** Packages whose code is included in the page. */
const BUNDLED = [
  'preact',
  '@preact/signals',
  '@preact/signals-core',
  '@tanstack/virtual-core',
  'pako',
  'fzstd',
  '@noble/ciphers',
  '@noble/hashes',
  '@scure/base',
]

export async function buildPage(target = join(ROOT, 'dist/page.html')): Promise<void> {
  const [view, worker] = [await bundle('src/web/main.tsx'), await bundle('src/web/worker.ts')]
  const html = pageTemplate({
    policy: policyFor(view.style, view.script),
    style: view.style,
    script: view.script,
    worker: gzipSync(worker.script, { level: 9 }).toString('base64'),
    licences: BUNDLED.map(licenceOf).join('\n\n').replaceAll('<', '('),
  })
  await mkdir(dirname(target), { recursive: true })
  await writeFile(target, html)
}

/** One script without imports, and the style that it imports. */
async function bundle(entry: string): Promise<{ script: string; style: string }> {
  const result = (await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    // Preact's JSX, even if the bundler does not read the folder's tsconfig.
    // Under a test runner, which sets NODE_ENV, too: the page is the one that is shipped.
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'esnext',
      cssTarget: 'esnext',
      cssCodeSplit: false,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: { input: join(ROOT, entry), output: { format: 'iife', codeSplitting: false } },
    },
  })) as Rolldown.RolldownOutput
  let [script, style] = ['', '']
  for (const file of result.output) {
    if (file.type === 'chunk') script += file.code
    else if (file.fileName.endsWith('.css')) style += String(file.source)
  }
  return { script: inElement(script, 'script'), style: inElement(style, 'style') }
}

/** Rejects what would end the element early: the bundler itself writes `<\/script`. */
function inElement(text: string, element: string): string {
  if (new RegExp(`</${element}|<!--`, 'i').test(text))
    throw new Error(`The bundled ${element} would end its element early`)
  return text.trim()
}

/** Nothing is loaded; the style and the script of the page run, and workers that it creates itself. */
function policyFor(style: string, script: string): string {
  return [
    "default-src 'none'",
    `script-src ${sourceHash(script)}`,
    `style-src ${sourceHash(style)}`,
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types ftpscope',
  ].join('; ')
}

function sourceHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
