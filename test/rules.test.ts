/** Every rule has its place in the registry, its page, a capture that triggers it and a look-alike that does not. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FINDING_IDS } from '../src/diagnose/catalogue.js'
import { groupOf } from '../src/diagnose/catalogue.js'
import { sessionSnapLength } from '../src/diagnose/rules/capture/session-snap-length.js'
import { CAPTURE_RULES, RULES } from '../src/diagnose/rules/rules.js'
import type { Analysis } from '../src/index.js'
import { analyzeSample } from './support/analyze-file.js'
import { ROOT } from './support/captures.js'

/** Files beside the rules: the list of them, and what pairs of passive and active mode share. */
const SHARED = new Set([
  'refusal.ts',
  'rules.ts',
  'data-port.ts',
  'mode-refusal.ts',
  'not-attempted.ts',
  'opening-timer.ts',
  'other-address.ts',
  'private-address.ts',
  'session-snap-length.ts',
])
const INDEX = readFileSync(join(ROOT, 'docs', 'findings', 'README.md'), 'utf8')
const CHANGELOG = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')
const rules = [...RULES, ...CAPTURE_RULES]
const pageOf = (id: string) => join(ROOT, 'docs', 'findings', `${id}.md`)

const sections = new Map<string, Map<string, string>>()

/** Text below each heading of a page. */
function sectionsOf(id: string): Map<string, string> {
  let found = sections.get(id)
  if (!found) {
    const parts = readFileSync(pageOf(id), 'utf8')
      .split(/^## (.+)$/m)
      .slice(1)
    found = new Map()
    for (let at = 0; at < parts.length; at += 2) found.set(parts[at]!, parts[at + 1]!.trim())
    sections.set(id, found)
  }
  return found
}

function findingIds(analysis: Analysis): string[] {
  return [...analysis.findings, ...analysis.sessions.flatMap((session) => session.findings)].map(
    (finding) => finding.id,
  )
}

describe('the catalogue', () => {
  it('has one rule for each finding, and a file named after it', () => {
    // One on the whole capture is repeated by a rule on sessions.
    const ids = rules.filter((rule) => rule !== sessionSnapLength).map((rule) => rule.id)
    expect(ids.sort()).toEqual([...FINDING_IDS].sort())
    const files = readdirSync(join(ROOT, 'src', 'diagnose', 'rules'), { recursive: true, encoding: 'utf8' })
    const names = files.filter((file) => file.endsWith('.ts')).map((file) => basename(file))
    expect(names.filter((name) => !SHARED.has(name)).sort()).toEqual(FINDING_IDS.map((id) => `${id}.ts`).sort())
  })

  it('has no page without a finding', () => {
    const pages = readdirSync(join(ROOT, 'docs', 'findings')).filter((name) => name !== 'README.md')
    expect(pages.sort()).toEqual(FINDING_IDS.map((id) => `${id}.md`).sort())
  })
})

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  it('has a page with Symptom, Cause, Remedy, Evidence and the Wireshark check', () => {
    expect(existsSync(pageOf(id))).toBe(true)
    const page = readFileSync(pageOf(id), 'utf8')
    const headings = [...page.matchAll(/^## (.+)$/gm)].map((match) => match[1])
    expect(headings).toEqual(
      expect.arrayContaining(['Symptom', 'Cause', 'Remedy', 'Evidence', 'Check in Wireshark', 'References']),
    )
    expect(page).toContain(`\`${id}\``)
  })

  it('is in the list of findings, with a link to its page', () => {
    expect(INDEX.split('\n')).toContain(`[${id}]: ${id}.md`)
  })

  it('has a page whose every section says something of its own', () => {
    for (const [heading, text] of sectionsOf(id)) {
      expect(text.length, heading).toBeGreaterThan(20)
      expect(text, heading).not.toMatch(/\b(?:TODO|TBD|FIXME|lorem|placeholder)\b/i)
    }
    const [symptom, cause] = [sectionsOf(id).get('Symptom'), sectionsOf(id).get('Cause')]
    for (const other of rules) {
      if (other.id === id || !existsSync(pageOf(other.id))) continue
      expect(sectionsOf(other.id).get('Symptom'), other.id).not.toBe(symptom)
      expect(sectionsOf(other.id).get('Cause'), other.id).not.toBe(cause)
    }
  })

  it('is named in the changelog', () => {
    expect(CHANGELOG).toContain(`\`${id}\``)
  })

  it('has one title: on its page, in the list of findings and in reports', () => {
    const title = rule.title.charAt(0).toUpperCase() + rule.title.slice(1)
    expect(readFileSync(pageOf(id), 'utf8').split('\n')[0]).toBe(`# ${title}`)
    const line = INDEX.split('\n').find((each) => each.startsWith(`| [${id}] `))
    expect(line?.split('|')[3]?.trim()).toBe(title)
  })

  it('cites where its facts are written down', () => {
    if (groupOf(id) !== 'Capture quality') expect(rule.references.length).toBeGreaterThan(0)
    expect(rule.title).toMatch(/^[^.]{5,80}$/)
  })

  it('is reported for its sample, with frames as evidence', () => {
    const analysis = analyzeSample(rule.samples.reports)
    const found = [...analysis.findings, ...analysis.sessions.flatMap((session) => session.findings)].filter(
      (f) => f.id === id,
    )
    expect(found.length).toBeGreaterThan(0)
    for (const finding of found) {
      expect(finding.evidence.length).toBeGreaterThan(0)
      for (const { frame } of finding.evidence) {
        expect(frame).toBeGreaterThan(0)
        expect(frame).toBeLessThanOrEqual(analysis.capture.frames)
      }
    }
  })

  it('is silent for its look-alike', () => {
    expect(findingIds(analyzeSample(rule.samples.silent))).not.toContain(id)
  })
})
