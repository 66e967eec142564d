/** What the documents tell the reader to do works, and what they name is there. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeBlocks, documentText, localLinks, namedFiles, namedScripts } from './readme/documents.js'
import { terminalPicture } from './readme/terminal-picture.js'
import { analyzeFile } from './support/analyze-file.js'
import { ROOT } from './support/captures.js'

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'docs/ARCHITECTURE.md',
  'samples/README.md',
]
const readme = documentText('README.md')
const blocks = codeBlocks(readme)
const manifest = JSON.parse(documentText('package.json')) as Record<
  'scripts' | 'dependencies' | 'devDependencies',
  Record<string, string>
>

/** Runs a program from the root of the repository, as the reader does; TypeScript is understood. */
function node(arguments_: string[], env: Record<string, string> = {}): string {
  const options = { cwd: ROOT, encoding: 'utf8', env: { ...process.env, ...env } } as const
  return execFileSync(process.execPath, ['--import', 'tsx', ...arguments_], options)
}

describe('the README', () => {
  it('begins with two commands, each complete: one analyses a failed session, one runs the tests', () => {
    const commands = blocks.filter((block) => block.language === 'sh').map((block) => block.text.trim())
    const sample = /^npm ci && npm start -- (samples\/lab\/\S+\.pcap)$/.exec(commands[0]!)?.[1]
    expect(sample).toBeDefined()
    expect(analyzeFile(join(ROOT, sample!)).sessions.map((session) => session.verdict.outcome)).toContain('failed')
    expect(commands[1]).toBe('npm ci && npm test')
  })

  it('names only options that the program has', () => {
    const help = node(['src/cli/main.ts', '--help']) + node(['src/cli/main.ts', 'firewall', '--help'])
    const use = /^## Use$([^]*?)^## /m.exec(readme)![1]!
    const options = new Set(use.match(/(?<=[\s`])--[a-z][a-z-]+/g))
    expect(options.size).toBeGreaterThan(0)
    expect([...options].filter((option) => !help.includes(option))).toEqual([])
  })

  it('shows what the program prints today', async () => {
    const path = 'samples/lab/passive-private-address.client.pcap'
    const output = node(['src/cli/main.ts', path], { FORCE_COLOR: '1' })
    await expect(terminalPicture(`ftpscope ${path}`, output)).toMatchFileSnapshot('../docs/terminal.svg')
    expect(statSync(join(ROOT, 'docs/terminal.svg')).size).toBeLessThan(150_000)
  })
})

describe('an example of the README', () => {
  const examples = blocks.flatMap(({ language, text }, index) =>
    language === 'ts' ? [{ text, printed: blocks[index + 1]?.text }] : [],
  )
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ftpscope-readme-'))
  })
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  /** The example as a file that takes this source tree for the installed package. */
  function written(name: string, text: string): string {
    const file = join(folder, `${name}.mts`)
    writeFileSync(file, text.replace("from 'ftpscope'", `from '${join(ROOT, 'src/index.ts')}'`))
    return file
  }

  it('stands for each of the two ways to use the library', () => {
    expect(examples).toHaveLength(2)
  })

  it.each(examples.map((example, index) => [index + 1, example] as const))(
    'prints what the README says (example %i)',
    (index, { text, printed }) => {
      expect(node([written(`run-${index}`, text)])).toBe(printed)
    },
  )

  it('passes the type checker', { timeout: 120_000 }, () => {
    const files = examples.map(({ text }, index) => written(`check-${index}`, text))
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
      config: { compilerOptions: object }
    }
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT)
    const program = ts.createProgram(files, {
      ...options,
      allowImportingTsExtensions: true,
      typeRoots: [join(ROOT, 'node_modules/@types')],
    })
    const problems = ts.getPreEmitDiagnostics(program)
    expect(problems.map((problem) => ts.flattenDiagnosticMessageText(problem.messageText, '\n'))).toEqual([])
  })
})

describe.each(DOCUMENTS)('%s', (path) => {
  const markdown = documentText(path)

  it('links to files that are there', () => {
    const missing = localLinks(markdown).filter((target) => !existsSync(join(ROOT, dirname(path), target)))
    expect(missing).toEqual([])
  })

  it('names files that are there', () => {
    expect(namedFiles(markdown).filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
  })

  it('names scripts that the package has', () => {
    expect(namedScripts(markdown).filter((script) => !(script in manifest.scripts))).toEqual([])
  })
})

describe('docs/ARCHITECTURE.md', () => {
  it('gives the reason for every dependency', () => {
    const architecture = readFileSync(join(ROOT, 'docs/ARCHITECTURE.md'), 'utf8')
    const packages = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)]
    expect(packages.filter((name) => !architecture.includes(`\`${name}\``))).toEqual([])
  })
})
