import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { HOSTILE } from '../report/fixtures.js'
import { manyPlaces, twoPlaces } from '../report/path-fixtures.js'
import { ROOT } from '../support/captures.js'
import { useBrowser } from './browser.js'

const browser = useBrowser()
const LAB = join(ROOT, 'samples/lab')
const PHONE = { viewport: { width: 390, height: 800 } }

describe('a session that several places saw', () => {
  it('is one row, which names the ids of all', async () => {
    const { page } = await browser.openReport(twoPlaces())
    const ids = await page.$$eval('.grid-body .cell.id', (cells) => cells.map((cell) => cell.textContent))
    expect(ids.sort()).toEqual(['1, 2', '3'])
    expect(await page.textContent('article.session h2')).toContain('Session 1, 2')
    expect(await page.locator('.timeline .bar').count()).toBe(2)
  })

  it('is drawn with a column for each place, lost packets ending where they were lost', async () => {
    const { page } = await browser.openReport(twoPlaces())
    expect(
      await page.$$eval('.connection:first-of-type .lane .address', (lanes) =>
        lanes.map((lane) => lane.firstChild!.textContent),
      ),
    ).toEqual(['client.pcap', 'server.pcap'])
    expect(await page.locator('.ladder .cross').count()).toBe(2)
    expect(await page.textContent('.ladder .became')).toBe('→ PORT 198,51,100,7,204,5')
    const [cross, server] = await Promise.all([
      page.locator('.ladder .cross').first().boundingBox(),
      page.locator('.connection').last().locator('.lane line').last().boundingBox(),
    ])
    expect(cross!.x + cross!.width).toBeLessThan(server!.x)
  })

  it('has a table of fates, and frames with their file', async () => {
    const { page } = await browser.openReport(twoPlaces())
    const fates = await page.textContent('section[aria-labelledby=fates-1]')
    expect(fates).toContain('40 packets arrived unchanged, 2 lost, 1 changed')
    expect(fates).toContain('client.pcap #41 #42')
    expect(await page.textContent('.verdict .evidence')).toContain('server.pcap #38')
    expect(await page.textContent('.filters-list')).toContain("tshark -r server.pcap -Y 'tcp.stream eq 3'")
  })

  it.each([2, 4, 8])('fits on a phone with %i places', async (count) => {
    const { page } = await browser.openReport(manyPlaces(count), PHONE)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  })

  it('shows hostile texts as they are', async () => {
    const value = twoPlaces(['<img src=x onerror=alert(1)>.pcap', `b${HOSTILE}.pcap`])
    const [path] = value.paths!
    path!.hops[0]!.changes = [`<script>${HOSTILE}`]
    for (const connection of path!.connections) for (const packet of connection.packets) packet.packet = `<b>${HOSTILE}`
    const { page } = await browser.openReport(value)
    expect(await page.locator('article.session img, article.session script, article.session b').count()).toBe(0)
    const shown = await page.textContent('article.session')
    expect(shown).not.toMatch(/(?!\s)[\p{Cc}\p{Bidi_Control}]/u)
  })
})

it('captures of several places that are dropped together are one session', async () => {
  const { page } = await browser.openApp()
  const transfer = await page.evaluateHandle(
    (files) => {
      const data = new DataTransfer()
      for (const { name, bytes } of files) data.items.add(new File([new Uint8Array(bytes)], name))
      return data
    },
    ['server', 'client'].map((place) => {
      const name = `passive-private-address.${place}.pcap`
      return { name, bytes: [...readFileSync(join(LAB, name))] }
    }),
  )
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer })
  await page.waitForSelector('article.session')
  expect(await page.textContent('h1')).toBe('The session failed')
  expect(await page.textContent('article.session')).toContain('Captured at 2 places')
  expect(await page.locator('.ladder .cross').count()).toBe(4)
})
