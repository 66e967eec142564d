/** The examples of the README do what it says of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../support/captures.js'
import { codeBlocks, documentText } from './documents.js'
import { node } from './node.js'

const blocks = codeBlocks(documentText('README.md'))

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

  it('passes the type checker', () => {
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
