import { describe, expect, it } from 'vitest'
import { allScenarios, chosen } from './catalogue.js'
import { FINDING_IDS } from '../../src/diagnose/catalogue.js'
import { VANTAGES } from './scenario.js'

const scenarios = await allScenarios()
/** As variants are named. */
const short = (software: string): string => (software === 'inetutils-ftp' ? 'inetutils' : software)
const isHealthy = ({ expect: { client } }: (typeof scenarios)[number]) => client.outcome === 'ok'

describe('the scenarios', () => {
  it('have names of their own', () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length)
  })

  it('name no software that does not take part', () => {
    const all = new Set(scenarios.flatMap(({ server, client }) => [server.software, short(client.software)]))
    const wrong = scenarios.filter(({ name, server, client }) => {
      const words = [...all].filter((software) =>
        new RegExp(`(^|-)${software}(-|$)`).test(name.replace('pure-ftpd', '')),
      )
      return words.some((word) => word !== server.software && word !== short(client.software))
    })
    expect(wrong.map(({ name }) => name)).toEqual([])
  })

  it('are at least 80, 25 of them healthy or merely odd', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(80)
    expect(scenarios.filter(isHealthy).length).toBeGreaterThanOrEqual(25)
  })

  it('try every failing mode with two servers or clients', () => {
    const tried = new Map<string, Set<string>>()
    for (const { expect, server, client } of scenarios) {
      const named = VANTAGES.flatMap((at) => [expect[at]?.cause, ...(expect[at]?.findings ?? [])])
      for (const cause of new Set(named)) {
        if (!cause) continue
        tried.set(cause, (tried.get(cause) ?? new Set()).add(`${server.software} ${client.software}`))
      }
    }
    const once = [...tried].filter(([, pairs]) => pairs.size < 2).map(([cause]) => cause)
    expect(once).toEqual(ONE_PAIR_ONLY)
  })

  it('expect findings that exist', () => {
    const known = new Set<string>(FINDING_IDS)
    const named = scenarios.flatMap(({ expect }) =>
      VANTAGES.flatMap((at) => [expect[at]?.cause, ...(expect[at]?.also ?? []), ...(expect[at]?.findings ?? [])]),
    )
    expect(named.filter((id) => typeof id === 'string' && !known.has(id))).toEqual([])
  })

  it('are chosen by name and by pattern', () => {
    expect(chosen(scenarios, ['passive-healthy']).map(({ name }) => name)).toEqual(['passive-healthy'])
    expect(chosen(scenarios, ['passive-healthy*']).length).toBeGreaterThan(1)
    expect(() => chosen(scenarios, ['no-such-thing'])).toThrow('There is no scenario no-such-thing')
  })
})

/** Modes that only one pair brings about: no real server both leaves TLS at CCC and insists on close_notify. */
const ONE_PAIR_ONLY: readonly string[] = ['tls-close-missing']
