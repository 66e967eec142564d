import { execFileSync } from 'node:child_process'
import { defineConfig } from 'tsdown'
import { buildManPage } from './build/man-page.js'
import { buildPage } from './build/page.js'
import { licenceOf } from './build/licences.js'
import { oneScript } from './build/one-script.js'

/** Packages whose code is in the command line. */
const BUNDLED = [
  ...['commander', 'cli-table3', '@colors/colors', 'string-width', 'strip-ansi', 'ansi-regex'],
  ...['get-east-asian-width', 'emoji-regex', 'is-fullwidth-code-point'],
  ...['@noble/ciphers', '@noble/hashes', '@scure/base', 'asn1js', '@peculiar/utils', 'pako', 'fzstd'],
]

/** JSON Schemas that the package exports. */
const SCHEMAS = [
  ...['schema', 'compare-schema', 'diff-schema', 'top-schema', 'extract-schema'].map((name) => `report/${name}`),
  'cli/config/config-schema',
]

export default defineConfig([
  {
    entry: { index: 'src/index.ts', 'cli/main': 'src/cli/start/launch.ts', 'cli/worker': 'src/cli/worker.ts' },
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    dts: { entry: 'src/index.ts' },
    fixedExtension: false,
    outputOptions: { chunkFileNames: 'chunks/[name]-[hash].js' },
    copy: SCHEMAS.map((from) => ({ from: `src/${from}.json`, to: 'dist' })),
    // Behind the bundle, since that empties dist/ first.
    hooks: {
      'build:done': async () => {
        await buildPage()
        await buildManPage()
      },
    },
  },
  {
    // One script without imports, for `src/cli/start/launch.ts`.
    entry: { 'cli/command-line': 'src/cli/command-line.ts' },
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    dts: false,
    clean: false,
    // A configuration in YAML is rare: its parser is loaded from the package that has it.
    deps: { alwaysBundle: [/^(?!yaml$)/], neverBundle: ['yaml'], onlyBundle: BUNDLED },
    plugins: [oneScript()],
    outputOptions: {
      codeSplitting: false,
      // V8 forgets, with code that was kept, who resolves it.
      dynamicImportInCjs: false,
      comments: false,
      footer: () => `/*\n${BUNDLED.map(licenceOf).join('\n\n')}\n*/`,
    },
    hooks: {
      'build:done': () => {
        execFileSync(process.execPath, ['--import', 'tsx', 'build/command.ts'], { stdio: 'inherit' })
      },
    },
  },
])
