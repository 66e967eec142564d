import { describe, expect, it } from 'vitest'
import { analysis, hostileSession, session } from '../report/fixtures.js'
import { useBrowser } from './browser.js'

const browser = useBrowser()

const MARKUP = [
  '</script><script>globalThis.owned = 1</script>',
  '"><img src=x onerror="globalThis.owned = 1">',
  '<svg onload="globalThis.owned = 1">',
  'javascript:globalThis.owned = 1',
  "'-globalThis.owned-'",
]

/** Prepends markup to every text from the wire in the fixture. */
function withMarkup<T>(value: T, at = { turn: 0 }): T {
  if (typeof value === 'string') {
    return (
      /^\d{4}-|^(?:failed|ok|error|warning|high|PASV|passive)$/.test(value)
        ? value
        : MARKUP[at.turn++ % MARKUP.length]! + value
    ) as T
  }
  if (Array.isArray(value)) return value.map((item: unknown) => withMarkup(item, at)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withMarkup<unknown>(item, at)])) as T
}

describe('a report of hostile names', () => {
  const { user, serverSoftware, exchanges, findings, verdict, dataChannels, ...rest } = hostileSession()
  const hostile = {
    ...rest,
    ...withMarkup({ user, serverSoftware, exchanges }),
    dataChannels: dataChannels.map((channel) => ({
      ...channel,
      transfer: { ...channel.transfer!, path: MARKUP.join('') + channel.transfer!.path! },
    })),
    findings: findings.map((finding) => ({
      ...finding,
      title: MARKUP.join(''),
      message: MARKUP.join(''),
      remedy: MARKUP,
    })),
    verdict: { ...verdict, sentence: MARKUP.join('') },
  }
  const value = analysis([hostile, session({ id: 4, user: `${MARKUP.join('')}\u202egnp.exe` })])

  it('executes nothing, and creates no elements from them', async () => {
    const { page } = await browser.openReport(value)
    await page.waitForSelector('article.session')
    expect(await page.evaluate(() => (globalThis as { owned?: unknown }).owned)).toBeUndefined()
    expect(await page.locator('img, iframe, object, embed, link, base').count()).toBe(0)
    expect(await page.locator('[onerror], [onload], a[href]').count()).toBe(0)
    expect(await page.textContent('.verdict .sentence')).toContain('<img src=x')
  })

  it('shows no control characters and none that change the direction of text', async () => {
    const { page } = await browser.openReport(value)
    const text = await page.textContent('#app')
    // eslint-disable-next-line no-control-regex -- it looks for control characters
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/)
    expect(text).toContain('\\u{202e}gnp.exe')
    expect(text).toContain('\\x1b[2J')
  })
})
