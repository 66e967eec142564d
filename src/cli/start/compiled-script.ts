import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'
import { isOwn, storeCode } from './code-folder.js'

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
 * A CommonJS script without `import()` that is loaded with V8's code cache. Compiling takes most of a short run's time.
 * The code is next to the script, where the build has left it, or in a folder of the user's, where an earlier run has.
 * Without it, or if V8 rejects it (another version of V8, other flags), the script is compiled again.
 */
export class CompiledScript {
  readonly #file: string
  readonly #script: Script
  readonly #folder: string | null

  /** `folder` is the user's for code, `null` for none. */
  constructor(url: URL, folder: string | null = null) {
    this.#file = fileURLToPath(url)
    this.#folder = folder
    const cachedData = codeIn(this.#builtCode) ?? (folder === null ? null : ownCodeIn(join(folder, this.#ownName)))
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

  /** Stores the code of all functions that have run so far next to the script. */
  keep(): void {
    writeFileSync(this.#builtCode, this.#script.createCachedData())
  }

  /** Stores it in the user's folder, for the next start; false if that cannot be done. */
  keepForUser(): boolean {
    return this.#folder !== null && storeCode(this.#folder, this.#ownName, () => this.#script.createCachedData())
  }

  get #builtCode(): string {
    return `${this.#file}.${ENGINE}.code`
  }

  /** Differs with each script, since V8 compares only the length of the text with that which it compiled. */
  get #ownName(): string {
    const { size, mtimeMs } = statSync(this.#file)
    return `${basename(this.#file)}.${size}-${Math.trunc(mtimeMs)}.${ENGINE}.code`
  }
}

function codeIn(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch {
    // The cache is only an optimization; the script has all that is needed.
    return null
  }
}

function ownCodeIn(file: string): Buffer | null {
  try {
    return isOwn(file) && isOwn(dirname(file)) ? readFileSync(file) : null
  } catch {
    return null
  }
}

/** Node's own wrapper of a CommonJS module. */
function wrapped(source: string): string {
  return `(function (exports, require, module, __filename, __dirname) { ${source}\n})`
}
