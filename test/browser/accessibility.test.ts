import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { analysis, failingSession, session } from '../report/fixtures.js'
import { analyzeFile } from '../support/analyze-file.js'
import { ROOT } from '../support/captures.js'
import { useBrowser } from './browser.js'

const browser = useBrowser()
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Accessibility violations according to axe-core; run from outside, since the page's policy allows no other script. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

const failing = () => analyzeFile(join(ROOT, 'samples/lab/passive-private-address.client.pcap'))
const several = () => analysis([session(), failingSession({ id: 2 }), failingSession({ id: 3 })])

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  it('a report of one session has no violations', async () => {
    const { page } = await browser.openReport(failing(), { colorScheme })
    expect(await violations(page)).toEqual([])
  })

  it('a report of several sessions has none', async () => {
    const { page } = await browser.openReport(several(), { colorScheme })
    expect(await violations(page)).toEqual([])
  })

  it('the app has none', async () => {
    const { page } = await browser.openApp({ colorScheme })
    expect(await violations(page)).toEqual([])
  })
})

it('everything can be done from the keyboard', async () => {
  const { page } = await browser.openReport(several())
  await page.keyboard.press('/')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('search')
  await page.keyboard.type('alice')
  // Tab continues through the column heads to the list itself.
  await page.locator('[role=grid]').focus()
  await page.keyboard.press('End')
  expect(await page.textContent('article.session h2')).toContain('Session 3')
  await page.keyboard.press('Home')
  expect(await page.textContent('article.session h2')).toContain('Session 1')
  await page.keyboard.press('ArrowDown')
  expect(await page.getAttribute('[role=grid]', 'aria-activedescendant')).toBe('session-2')
  await page.keyboard.press('Enter')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('session')
  // From there, Tab reaches every control of the session, and each of them shows its focus.
  const reached: string[] = []
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate(() => {
      const element = document.activeElement
      // After the last control, the browser's own begin.
      if (!element || element === document.body) return null
      return { name: element.textContent, outline: getComputedStyle(element).outlineStyle }
    })
    if (!at) break
    reached.push(at.name)
    expect(at.outline, at.name).not.toBe('none')
  }
  expect(reached).toEqual(expect.arrayContaining(['Next', 'Compact', 'To scale', 'As a table']))
  const toScale = page.getByRole('button', { name: 'To scale' })
  await toScale.focus()
  await page.keyboard.press('Enter')
  expect(await toScale.getAttribute('aria-pressed')).toBe('true')
})

it('the theme follows the system until it is chosen', async () => {
  const { page } = await browser.openReport(failing(), { colorScheme: 'dark' })
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const dark = await background()
  await page.getByRole('button', { name: 'Dark' }).click()
  expect(await background()).not.toBe(dark)
  await page.reload()
  await page.waitForSelector('main')
  expect(await background()).not.toBe(dark)
})
