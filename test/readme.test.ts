/** What the documents show is what the program prints, and what they name is there; `readme/` has the examples. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ftpscope } from './cli/support.js'
import { codeBlocks, documentText, localLinks, namedFiles, namedScripts } from './readme/documents.js'
import { node } from './readme/node.js'
import { terminalPicture } from './readme/terminal-picture.js'
import { analyzeFile } from './support/analyze-file.js'
import { ROOT } from './support/captures.js'

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'docs/ARCHITECTURE.md',
  'docs/COMPARISON.md',
  'docs/CONFIG.md',
  'docs/FTPS.md',
  'docs/JQ.md',
  'docs/PASSING-ON.md',
  'samples/README.md',
]
const readme = documentText('README.md')
const blocks = codeBlocks(readme)
const manifest = JSON.parse(documentText('package.json')) as Record<
  'scripts' | 'dependencies' | 'devDependencies',
  Record<string, string>
>

describe('the README', () => {
  it('begins with two commands, each complete: one analyses a failed session, one runs the tests', () => {
    const commands = blocks.filter((block) => block.language === 'sh').map((block) => block.text.trim())
    const sample = /^npm ci && npm start -- (samples\/lab\/\S+\.pcap)$/.exec(commands[0]!)?.[1]
    expect(sample).toBeDefined()
    expect(analyzeFile(join(ROOT, sample!)).sessions.map((session) => session.verdict.outcome)).toContain('failed')
    expect(commands[1]).toBe('npm ci && npm test')
  })

  it('names only options that the program has', async () => {
    const texts = await Promise.all(
      [[], ['firewall'], ['compare'], ['diff'], ['slice'], ['annotate'], ['extract']].map((command) =>
        ftpscope([...command, '--help']),
      ),
    )
    const help = texts.map(({ out }) => out).join('')
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
