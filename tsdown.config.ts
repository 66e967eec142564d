import { defineConfig } from 'tsdown'
import { buildPage } from './build-page.js'

export default defineConfig({
  entry: { index: 'src/index.ts', 'cli/main': 'src/cli/main.ts', 'cli/worker': 'src/cli/worker.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  dts: true,
  fixedExtension: false,
  outputOptions: { chunkFileNames: 'chunks/[name]-[hash].js' },
  // Behind the bundle, since that empties dist/ first.
  hooks: { 'build:done': () => buildPage() },
  copy: [{ from: 'src/report/schema.json', to: 'dist' }],
})
