import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { analyzeFile } from '../support/analyze-file.js'
import { ROOT } from '../support/captures.js'
import { analysis, failingSession, session } from '../report/fixtures.js'
import { TEMPLATE, useBrowser } from './browser.js'

const browser = useBrowser()

const sample = (name: string) => analyzeFile(join(ROOT, 'samples/lab', `${name}.pcap`))

/** Ids of the sessions in the list, from top to bottom. */
async function listed(page: Page): Promise<number[]> {
  const rows = await page.$$eval('.grid-body [role=row]', (elements) =>
    elements.map((row) => [
      Number(row.getAttribute('aria-rowindex')),
      Number(row.querySelector('.cell.id')!.textContent),
    ]),
  )
  return rows.sort((a, b) => a[0]! - b[0]!).map((row) => row[1]!)
}

// Two thirds are the analyzer, compressed: it grows with each rule and its words. 40 KB of it decrypt TLS, 25 KB
// read certificates, 45 KB join the captures of several places, 30 KB infer what TLS hides; a page that only shows a
// report does not unpack it. The language of its search box takes 15 KB.
it('the page without data is smaller than 670 KB', () => {
  expect(statSync(TEMPLATE).size).toBeLessThan(670_000)
})

describe('a report', () => {
  it('shows on its first screen what failed, and what to change', async () => {
    const { page } = await browser.openReport(sample('passive-private-address.client'))
    expect(await page.textContent('h1')).toBe('The session failed')
    for (const selector of ['.verdict .sentence', '.verdict .remedy', '.verdict .evidence']) {
      const box = await page.locator(selector).boundingBox()
      expect(box!.y + box!.height).toBeLessThan(900)
    }
    expect(await page.textContent('.verdict .sentence')).toContain('a private address behind its NAT')
    expect(await page.textContent('.verdict .remedy')).toContain('pasv_address=203.0.113.20')
  })

  it('has each command on a line of its own, which is not broken, with a button that copies it', async () => {
    const { page } = await browser.openReport(sample('passive-port-unanswered.client'), {
      viewport: { width: 390, height: 800 },
    })
    const command = page.locator('.verdict .command').filter({ hasText: 'firewall-cmd' }).first()
    expect(await command.locator('code').textContent()).toBe('firewall-cmd --permanent --add-port=50000-50100/tcp')
    expect(await command.locator('code').evaluate((code) => getComputedStyle(code).whiteSpace)).toBe('pre')
    await command.locator('button').click()
    expect(await command.locator('button').textContent()).toBe('Copied')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  })

  it('explains a finding where the report contains its page, and names the command where not', async () => {
    const value = sample('passive-port-unanswered.client')
    const { page } = await browser.openReport(value, {}, () => '# T\n\n## Cause\n\n1. A `firewall` drops it.\n')
    await page.locator('.verdict .explanation summary').click()
    expect(await page.locator('.verdict .explanation h4').textContent()).toBe('Cause')
    expect(await page.locator('.verdict .explanation .item').textContent()).toBe('1. A firewall drops it.')
    const { page: without } = await browser.openReport(value)
    expect(await without.textContent('.verdict')).toContain('ftpscope explain passive-port-unanswered')
  })

  it('draws lost packets as lost, from the sender to the middlebox, linked to the announcement', async () => {
    const { page } = await browser.openReport(sample('passive-private-address.client'))
    const arrows = await page.$$eval('.ladder .row', (rows) =>
      rows.map((row) =>
        [row.getAttribute('data-frame'), row.getAttribute('data-from'), row.getAttribute('data-to')].join(' '),
      ),
    )
    expect(arrows).toContain('17 server client')
    expect(arrows).toContain('18 client middlebox')
    const lost = await page.$$eval('.ladder .row.lost', (rows) => rows.map((row) => row.getAttribute('data-frame')))
    expect(lost).toEqual(['18', '21', '22', '26'])
    expect(await page.locator('.ladder .cross').count()).toBe(4)
    expect(await page.locator('.ladder .link').count()).toBe(1)
  })

  it('draws the data connection of a healthy active transfer from server to client', async () => {
    const { page } = await browser.openReport(sample('active-healthy.client'))
    const opening = page.locator('.ladder .row.data.syn').first()
    expect(await opening.getAttribute('data-from')).toBe('server')
    expect(await opening.getAttribute('data-to')).toBe('client')
    expect(await page.locator('.ladder .cross').count()).toBe(0)
  })

  it('shows the ladder as a table', async () => {
    const { page } = await browser.openReport(sample('passive-private-address.client'))
    await page.getByRole('button', { name: 'As a table' }).click()
    expect(await page.locator('tr.proof').count()).toBe(5)
    expect(await page.textContent('tr.proof:nth-of-type(13)')).toContain('lost at the middlebox')
  })
})

describe('data connections under TLS', () => {
  it('are counted in the summary, in the list and in the session', async () => {
    const hidden = { opened: 3, carriedData: 2, bytesFromClient: 1500, bytesFromServer: 0 }
    const transfers = { attempted: 0, completed: 0, failed: 0, hidden }
    const report = analysis([session({ id: 1, transfers }), session({ id: 2 })])
    const { page } = await browser.openReport({ ...report, summary: { ...report.summary, transfers } })
    const words = 'data connections that carried data: 2 of 3 (1.5 kB from the client)'
    expect(await page.textContent('dl.facts')).toContain(`under TLS ${words}`)
    expect(await page.textContent('#session-1 .transfers')).toBe('2 of 3 (TLS)')
    await page.click('#session-1')
    expect(await page.textContent('article.session')).toContain(`Under TLS, ${words}.`)
  })
})

describe('the list of sessions', () => {
  const several = analysis([
    session({ id: 1, user: 'carol' }),
    failingSession({ id: 2, user: 'alice', tcpStream: 3 }),
    session({ id: 3, user: 'bob', client: { address: '192.0.2.77', port: 4000 } }),
  ])

  it('selects the session that failed first', async () => {
    const { page } = await browser.openReport(several)
    expect(await page.textContent('article.session h2')).toContain('Session 2')
    expect(await listed(page)).toEqual([1, 2, 3])
  })

  it('can be searched, filtered and sorted', async () => {
    const { page } = await browser.openReport(several)
    await page.keyboard.press('/')
    await page.keyboard.type('192.0.2.77')
    expect(await listed(page)).toEqual([3])
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByRole('button', { name: /1 failed/ }).click()
    expect(await listed(page)).toEqual([2])
    await page.getByRole('button', { name: /1 failed/ }).click()
    await page.getByRole('button', { name: 'User' }).click()
    expect(await listed(page)).toEqual([2, 3, 1])
    await page.getByRole('button', { name: 'User' }).click()
    expect(await listed(page)).toEqual([1, 3, 2])
  })
})
