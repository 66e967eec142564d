/** Prettier leaves comments and strings as they are; its width holds for them too. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { ROOT } from './support/captures.js'

const { printWidth } = JSON.parse(readFileSync(join(ROOT, '.prettierrc.json'), 'utf8')) as { printWidth: number }

const files = ['src', 'test', 'build', 'samples'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
)

/** Template literals and regular expressions cannot be split where their lines are. */
function isInseparable(node: ts.Node): boolean {
  return ts.isTemplateLiteral(node) || ts.isRegularExpressionLiteral(node)
}

/** Numbers of lines wider than Prettier's width, unless an inseparable literal reaches its edge. */
function wideLines(text: string): number[] {
  const lines = text.split('\n')
  const wide = lines.flatMap((line, index) => (line.length > printWidth ? [index] : []))
  if (wide.length === 0) return []
  const source = ts.createSourceFile('file.tsx', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const crossed = new Set<number>()
  const visit = (node: ts.Node): void => {
    for (const index of wide) {
      const edge = source.getPositionOfLineAndCharacter(index, printWidth)
      if (isInseparable(node) && node.getStart() < edge && edge <= node.getEnd()) crossed.add(index)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return wide.filter((index) => !crossed.has(index)).map((index) => index + 1)
}

describe('The line width', () => {
  it('exempts template literals and regular expressions, but not comments, strings and code', () => {
    const long = 'x'.repeat(printWidth)
    const text = `// ${long}\nconst a = '${long}'\nconst b = \`${long}\`\nconst c = /${long}/\nconst d = \`\n${long}x\n\``
    expect(wideLines(text)).toEqual([1, 2])
  })

  it('holds for comments, strings and code of all files', () => {
    const found = files.flatMap((file) =>
      wideLines(readFileSync(join(ROOT, file), 'utf8')).map((line) => `${file}:${line}`),
    )
    expect(found).toEqual([])
  })
})
