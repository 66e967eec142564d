import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'

/** The engine compiles for itself only: another version, processor or system must not be given this. */
const ENGINE = `${process.version}-${process.platform}-${process.arch}`

type Wrapped = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  filename: string,
  folder: string,
) => void

/**
 * A CommonJS script without `import()` that is loaded with the code which V8 made of it before, kept beside it in a file. Compiling is most of a short
 * run's time. Without such a file, or where V8 does not accept it (another version of V8, other flags), the script is compiled anew.
 */
export class CompiledScript {
  readonly #file: string
  readonly #script: Script

  constructor(url: URL) {
    this.#file = fileURLToPath(url)
    const cachedData = codeIn(this.#codeFile)
    this.#script = new Script(wrapped(readFileSync(this.#file, 'utf8')), {
      filename: this.#file,
      ...(cachedData && { cachedData }),
    })
  }

  /** False when there was code and V8 did not accept it; `undefined` when there was none. */
  get accepted(): boolean | undefined {
    const { cachedDataRejected } = this.#script
    return cachedDataRejected === undefined ? undefined : !cachedDataRejected
  }

  /** Runs it as Node would; returns what it exports. */
  run(): object {
    const module = { exports: {} }
    const run = this.#script.runInThisContext() as Wrapped
    run(module.exports, createRequire(this.#file), module, this.#file, dirname(this.#file))
    return module.exports
  }

  /** Keeps the code of all functions that have run by now. */
  keep(): void {
    writeFileSync(this.#codeFile, this.#script.createCachedData())
  }

  get #codeFile(): string {
    return `${this.#file}.${ENGINE}.code`
  }
}

function codeIn(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch {
    // It is made where the program is built, and speeds up; what it holds follows from the script.
    return null
  }
}

/** Node's own wrapper of a CommonJS module. */
function wrapped(source: string): string {
  return `(function (exports, require, module, __filename, __dirname) { ${source}\n})`
}
