import { describe, expect, it } from 'vitest'
import { minimised } from './minimise.js'
import { watched } from './watch.js'

const planted = { module: new URL('./planted.ts', import.meta.url).href, seed: 7, milliseconds: Infinity }

describe('The fuzzer', () => {
  it('finds a fault by keeping what came closer, and gives the shortest input that shows it', async () => {
    const { failures, report } = await watched({ ...planted, target: 'crash', executions: 6000 })
    expect(failures.map(({ reason }) => reason)).toEqual(['planted'])
    expect(String.fromCharCode(...failures[0]!.input)).toBe('~!~')
    expect(report!.features).toBeGreaterThan(5)
  })

  it('does the same again for the same seed, and something else for another', async () => {
    const few = { ...planted, target: 'crash', executions: 640 }
    const [first, second, other] = [await watched(few), await watched(few), await watched({ ...few, seed: 8 })]
    expect(first.report).toEqual(second.report)
    expect(first.report).not.toEqual(other.report)
  })

  it('ends an input that does not come back, and tells which', async () => {
    const { failures } = await watched({ ...planted, target: 'hang', executions: Infinity }, 3000)
    expect(failures[0]!.reason).toContain('no end after 3000 ms')
    expect(failures[0]!.input[3]).toBe(255)
  })

  it('ends an input that takes all memory, and tells which', async () => {
    const { failures } = await watched({ ...planted, target: 'hoard', executions: Infinity }, 90_000)
    expect(failures[0]!.reason).toContain('memory')
    expect(failures[0]!.input[3]).toBe(255)
  })
})

describe('A minimised input', () => {
  it('still fails, and nothing can be left out of it', () => {
    const input = Uint8Array.from({ length: 1000 }, (_, at) => at)
    const fails = (bytes: Uint8Array) => bytes.includes(77) && bytes.lastIndexOf(200) > bytes.indexOf(77)
    expect([...minimised(input, fails)]).toEqual([77, 200])
  })
})
