/** What SECURITY.md promises of the program and what it is made of; `built.slow.test.ts` looks at the package. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../support/captures.js'

const NETWORK = /^(?:node:)?(?:net|http|https|http2|dgram|tls|dns|dns\/promises|inspector|child_process|cluster|vm)$/
/**
 * What `node:net` has without a connection: the check of an address, and the stream of a named pipe, which Node calls
 * `Socket`: it is made of an open file, and `connect` is never called.
 */
const OF_NET = ['cli/arguments/addresses.ts: isIP', 'cli/input/open-special.ts: Socket']

/**
 * Runs the script that the command line was built into, and nothing else: `src/cli/start/launch.ts` is all that uses
 * it.
 */
const OWN_SCRIPT = ['cli/start/compiled-script.ts: node:vm']

interface Package {
  license?: string
  dependencies?: Record<string, string>
}

const json = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Package
const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.tsx?$/.test(name),
)
const codeOf = (name: string) => readFileSync(join(ROOT, 'src', name), 'utf8')
const importsOf = (code: string) =>
  [
    ...code.matchAll(/^(?:import|export)\s[^']*?from '([^']+)'|^import '([^']+)'|\b(?:import|require)\('([^']+)'\)/gm),
  ].map((match) => match[1] ?? match[2] ?? match[3]!)

/** The packages that the program loads, and the ones that these load. */
function packagesOf(names: Iterable<string>): Set<string> {
  const found = new Set<string>()
  const pending = [...names]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (found.has(name)) continue
    found.add(name)
    pending.push(...Object.keys(json(`node_modules/${name}/package.json`).dependencies ?? {}))
  }
  return found
}

const runtime = packagesOf(Object.keys(json('package.json').dependencies ?? {}))
const bundled = packagesOf(
  sources.flatMap((name) =>
    importsOf(codeOf(name))
      .filter((specifier) => !/^(?:\.|node:)/.test(specifier))
      .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)![0]),
  ),
)

describe('The program', () => {
  it('imports nothing that opens connections, starts programs or runs text as code', () => {
    expect(sources.length).toBeGreaterThan(200)
    const found = sources.flatMap((name) =>
      importsOf(codeOf(name))
        .filter((specifier) => NETWORK.test(specifier) && specifier !== 'node:net')
        .map((specifier) => `${name}: ${specifier}`),
    )
    expect(found).toEqual(OWN_SCRIPT)
    expect(sources.filter((name) => codeOf(name).includes('new CompiledScript('))).toEqual(['cli/start/launch.ts'])
    const ofNet = sources.flatMap((name) => {
      const code = codeOf(name)
      if (!importsOf(code).includes('node:net')) return []
      return [`${name}: ${/import \{ ([^}]*) \} from 'node:net'/.exec(code)?.[1] ?? 'more'}`]
    })
    expect(ofNet.sort()).toEqual(OF_NET)
    expect(sources.filter((name) => name.startsWith('cli/') && codeOf(name).includes('.connect('))).toEqual([])
  })

  it('calls nothing that fetches or runs text as code', () => {
    const calls =
      /(?<![.\w'-])(?:fetch|eval|importScripts)\(|new (?:Function|WebSocket|EventSource|XMLHttpRequest)\b|\bsendBeacon\(/
    expect(sources.filter((name) => calls.test(codeOf(name)))).toEqual([])
  })

  it('depends on packages whose licences let everybody use them', () => {
    expect([...runtime]).toEqual(expect.arrayContaining(['commander', 'pako', 'string-width']))
    expect([...bundled]).toContain('preact')
    const others = [...new Set([...runtime, ...bundled])].flatMap((name) => {
      const { license } = json(`node_modules/${name}/package.json`)
      const free = (license ?? 'none')
        .replace(/[()]/g, '')
        .split(' AND ')
        .every((each) => /^(?:MIT|ISC|BSD-[23]-Clause|0BSD|Apache-2\.0|Zlib)$/.test(each))
      return free ? [] : [`${name}: ${license ?? 'none'}`]
    })
    expect(others).toEqual([])
  })
})
