import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { FuzzTarget } from './targets/target.js'
import { targetModule, TARGETS, type TargetName } from './targets/targets.js'

const CASES = new URL('./cases/', import.meta.url)

/** What once broke the program, by target: `<target>-<what>.bin`. */
const cases = readdirSync(CASES).filter((name) => name.endsWith('.bin'))

describe('An input that once broke the program', () => {
  it('is there for tests to replay', () => {
    expect(cases.length).toBeGreaterThan(0)
  })

  it.each(cases)('%s breaks it no more', async (name) => {
    const target = name.slice(0, name.indexOf('-')) as TargetName
    expect(Object.keys(TARGETS)).toContain(target)
    const loaded = ((await import(targetModule(target))) as Record<string, FuzzTarget>)[target]!
    expect(() => [...loaded.run(new Uint8Array(readFileSync(new URL(name, CASES))))]).not.toThrow()
  })
})
