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

const JUMPS = 40

/**
 * Steps of the page's code for a number of jumps between the ends of the list: executions of blocks, as counted by V8.
 */
async function stepsOfJumps(page: Page): Promise<number> {
  const profiler = await page.context().newCDPSession(page)
  await profiler.send('Profiler.enable')
  await profiler.send('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  // V8 counts only in functions that it compiles from here on.
  await page.reload()
  await page.waitForSelector('[role=grid]')
  await profiler.send('Profiler.takePreciseCoverage')
  await page.evaluate(async (jumps) => {
    const body = document.querySelector('.grid-body')!
    for (let step = 0; step < jumps; step++) {
      body.scrollTop = (body.scrollHeight * step) / (jumps - 1)
      await new Promise(requestAnimationFrame)
      await new Promise(requestAnimationFrame)
    }
  }, JUMPS)
  const { result } = await profiler.send('Profiler.takePreciseCoverage')
  await profiler.send('Profiler.disable')
  return result
    .flatMap(({ functions }) => functions)
    .flatMap(({ ranges }) => ranges)
    .reduce((sum, { count }) => sum + count, 0)
}

it('10,000 sessions stay smooth: only rows in view exist, and a jump touches no others', async () => {
  const { page } = await browser.openReport(many(10_000))
  await page.waitForSelector('[role=grid]')
  const nodes = () => page.evaluate(() => document.querySelectorAll('*').length)
  expect(await nodes()).toBeLessThan(2500)
  const steps = await stepsOfJumps(page)
  expect(steps).toBeGreaterThan(1000)
  // A list that touches all its rows would take at least one step per row in each jump.
  expect(steps).toBeLessThan(JUMPS * 5000)
  expect(await nodes()).toBeLessThan(2500)
  await page.waitForSelector('#session-10000')
  await page.fill('#search', 'user9876')
  await page.waitForSelector('#session-9877')
  expect(await page.locator('.grid-body [role=row]').count()).toBe(1)
})

it('prints to PDF: all sessions in a table, and one of each cause below it', async () => {
  const { page } = await browser.openReport(analysis([session(), failingSession({ id: 2 }), failingSession({ id: 3 })]))
  const file = browser.inFolder('report.pdf')
  await page.pdf({ path: file, format: 'A4' })
  expect(existsSync(file)).toBe(true)
  expect(statSync(file).size).toBeGreaterThan(10_000)
  // The print layout is reverted afterwards.
  expect(await page.locator('article.session').count()).toBe(1)
  await page.emulateMedia({ media: 'print' })
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
  expect(await page.locator('article.session').count()).toBe(1)
  expect(await page.locator('article.session .verdict.failed').count()).toBe(1)
  expect(await page.locator('article.session .dialogue').count()).toBe(0)
  expect(await page.locator('table.sessions tbody tr').count()).toBe(3)
})

it('fits a phone: nothing is wider than the screen', async () => {
  const { page } = await browser.openReport(analysis([session(), failingSession({ id: 2 })]), {
    viewport: { width: 360, height: 740 },
  })
  await page.waitForSelector('article.session')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
})
