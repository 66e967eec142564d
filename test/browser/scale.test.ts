import { existsSync, statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { analysis, failingSession, session } from '../report/fixtures.js'
import { useBrowser } from './browser.js'

const browser = useBrowser()

const many = () =>
  analysis(
    Array.from({ length: 10_000 }, (_, at) => {
      const start = new Date(Date.UTC(2026, 2, 1) + at * 977).toISOString()
      const end = new Date(Date.UTC(2026, 2, 1) + at * 977 + 4000).toISOString()
      const part = { id: at + 1, tcpStream: at, start, end, user: `user${at}` }
      return at % 97 === 0 ? failingSession(part) : session(part)
    }),
  )

it('10,000 sessions stay smooth: only rows in view exist, and scrolling draws in time', async () => {
  const { page } = await browser.openReport(many())
  await page.waitForSelector('[role=grid]')
  const nodes = () => page.evaluate(() => document.querySelectorAll('*').length)
  expect(await nodes()).toBeLessThan(2500)
  // The longest pause between two frames while the list is scrolled from its beginning to its end.
  const longest = await page.evaluate(async () => {
    const body = document.querySelector('.grid-body')!
    let worst = 0
    let before = performance.now()
    for (let step = 0; step <= 40; step++) {
      body.scrollTop = (body.scrollHeight * step) / 40
      await new Promise(requestAnimationFrame)
      const now = performance.now()
      if (step > 1) worst = Math.max(worst, now - before)
      before = now
    }
    return worst
  })
  // Generous, as other programs share the processor; a list that holds all rows takes seconds.
  expect(longest).toBeLessThan(400)
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
