import type { Rolldown } from 'tsdown'

/** Packages that take as long to load as a short analysis: tables of Unicode, which only a terminal needs. */
const SLOW_TO_START = /^import (\w+) from '(string-width|cli-table3)'$/gm

/**
 * For a bundle of one script, whose modules run when it starts. Dynamic imports become static ones: the bundler would
 * otherwise wrap every module in a function, and an engine knows the value of a constant only where it is declared as
 * one. The packages above are loaded when they are first called instead.
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

/** Loads a package that exports a function or a class on its first call. */
function lateImport(_: string, name: string, module: string): string {
  const exported = `(required => required.default ?? required)(require('${module}'))`
  return `function ${name}(...args) { return new.target ? new (${exported})(...args) : (${exported})(...args) }`
}
