import type { Rolldown } from 'tsdown'

/** Packages whose first steps take as long as a short analysis: tables of Unicode, of which only a terminal has need. */
const SLOW_TO_START = /^import (\w+) from '(string-width|cli-table3)'$/gm

/**
 * For a bundle of one script, whose modules run when it starts. What a module imports when it is needed becomes an import like others:
 * the bundler would otherwise put every module into a function of its own, and an engine knows the value of a constant only where
 * it is declared as one. The packages above are started when they are first called instead.
 */
export function oneScript(): Rolldown.Plugin {
  return {
    name: 'one-script',
    transform: {
      filter: { id: /\/src\/.*\.ts$/ },
      handler(code) {
        const imports: string[] = []
        const changed = code
          .replace(/\bawait import\('(\.[^']+)'\)/g, (_, module: string) => {
            const name = `imported${imports.length}`
            imports.push(`import * as ${name} from '${module}'`)
            return name
          })
          .replace(SLOW_TO_START, lateImport)
        return changed === code ? null : `${imports.join('\n')}\n${changed}`
      },
    },
  }
}

/** Of a package that exports a function or a class. */
function lateImport(_: string, name: string, module: string): string {
  const exported = `(required => required.default ?? required)(require('${module}'))`
  return `function ${name}(...args) { return new.target ? new (${exported})(...args) : (${exported})(...args) }`
}
