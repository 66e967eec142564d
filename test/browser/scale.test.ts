import { existsSync, statSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { analysis, failingSession, session } from '../report/fixtures.js'
import { useBrowser } from './browser.js'

const browser = useBrowser()

const many = (length: number) =>
  analysis(
    Array.from({ length }, (_, at) => {
      const start = new Date(Date.UTC(2026, 2, 1) + at * 977).toISOString()
      const end = new Date(Date.UTC(2026, 2, 1) + at * 977 + 4000).toISOString()
      const part = { id: at + 1, tcpStream: at, start, end, user: `user${at}` }
      return at % 97 === 0 ? failingSession(part) : session(part)
    }),
  )

/** Milliseconds from a jump of the list to its next frame, the middle of 40 jumps from its beginning to its end. */
function frameTime(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const body = document.querySelector('.grid-body')!
    const times: number[] = []
    for (let step = 0; step < 40; step++) {
      const before = performance.now()
      body.scrollTop = (body.scrollHeight * step) / 39
      await new Promise(requestAnimationFrame)
      await new Promise(requestAnimationFrame)
      times.push(performance.now() - before)
    }
    return times.sort((a, b) => a - b)[20]!
  })
}

it('10,000 sessions stay smooth: only rows in view exist, and a frame costs as much as with 200', async () => {
  const few = await browser.openReport(many(200))
  const expected = await frameTime(few.page)
  const { page } = await browser.openReport(many(10_000))
  await page.waitForSelector('[role=grid]')
  const nodes = () => page.evaluate(() => document.querySelectorAll('*').length)
  expect(await nodes()).toBeLessThan(2500)
  // Compared side by side, since other programs share the processor; a list that held all rows would take fifty times as long.
  expect(await frameTime(page)).toBeLessThan(3 * expected + 50)
  expect(await nodes()).toBeLessThan(2500)
  await page.waitForSelector('#session-10000')
  await page.fill('#search', 'user9876')
  await page.waitForSelector('#session-9877')
  expect(await page.locator('.grid-body [role=row]').count()).toBe(1)
})

it('prints to PDF: the failed sessions in full, the others in a table', async () => {
  const { page } = await browser.openReport(analysis([session(), failingSession({ id: 2 }), failingSession({ id: 3 })]))
  const file = browser.inFolder('report.pdf')
  await page.pdf({ path: file, format: 'A4' })
  expect(existsSync(file)).toBe(true)
  expect(statSync(file).size).toBeGreaterThan(10_000)
  // What was shown for paper is taken back afterwards.
  expect(await page.locator('article.session').count()).toBe(1)
  await page.emulateMedia({ media: 'print' })
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
  expect(await page.locator('article.session').count()).toBe(2)
  expect(await page.locator('table.sessions tbody tr').count()).toBe(3)
})

it('fits a phone: nothing is wider than the screen', async () => {
  const { page } = await browser.openReport(analysis([session(), failingSession({ id: 2 })]), {
    viewport: { width: 360, height: 740 },
  })
  await page.waitForSelector('article.session')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
})
