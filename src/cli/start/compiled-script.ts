import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'

/** Compiled code is specific to the engine: it must not be used with another version, processor or system. */
const ENGINE = `${process.version}-${process.platform}-${process.arch}`

type Wrapped = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  filename: string,
  folder: string,
) => void

/**
 * A CommonJS script without `import()` that is loaded with V8's code cache, stored in a file next to it. Compiling
 * takes most of a short run's time. Without such a file, or if V8 rejects it (another version of V8, other flags), the
 * script is compiled again.
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

  /** False if there was a cache and V8 rejected it; `undefined` if there was none. */
  get accepted(): boolean | undefined {
    const { cachedDataRejected } = this.#script
    return cachedDataRejected === undefined ? undefined : !cachedDataRejected
  }

  /** Runs it as Node would; returns its exports. */
  run(): object {
    const module = { exports: {} }
    const run = this.#script.runInThisContext() as Wrapped
    run(module.exports, createRequire(this.#file), module, this.#file, dirname(this.#file))
    return module.exports
  }

  /** Stores the code of all functions that have run so far. */
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
    // The cache is only an optimization, created when the program is built; the script has all that is needed.
    return null
  }
}

/** Node's own wrapper of a CommonJS module. */
function wrapped(source: string): string {
  return `(function (exports, require, module, __filename, __dirname) { ${source}\n})`
}
