/** A browser with a page that may load only files, and helpers for the tests. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { Analysis } from '../../src/report/contract.js'
import { DEFAULT_OPTIONS } from '../../src/report/format.js'
import { pageReport } from '../../src/report/page/report.js'
import { ROOT } from '../support/captures.js'
import { launch } from './launch.js'

export const TEMPLATE = join(ROOT, 'dist/page.html')

export interface Opened {
  page: Page
  /** URLs that were requested besides the page itself. */
  requests: string[]
  /** Errors and warnings of the console, including violations of the policy. */
  complaints: string[]
}

/** A browser for the tests of one file. Each test must end without a request, an error or a violation of the policy. */
export function useBrowser() {
  let browser: Browser
  let folder = ''
  const opened: Opened[] = []
  beforeAll(async () => {
    browser = await launch()
    folder = mkdtempSync(join(tmpdir(), 'ftpscope-page-'))
  })
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })
  afterEach(async () => {
    for (const { page, requests, complaints } of opened.splice(0)) {
      await page.context().close()
      expect(requests).toEqual([])
      expect(complaints).toEqual([])
    }
  })

  /** Opens a file as a user does, by its path. */
  async function open(file: string, options: BrowserContextOptions = {}): Promise<Opened> {
    const url = pathToFileURL(file).href
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
    const page = await context.newPage()
    const result: Opened = { page, requests: [], complaints: [] }
    opened.push(result)
    await page.route('**', (route) => {
      if (route.request().url() === url) return route.continue()
      result.requests.push(route.request().url())
      return route.abort()
    })
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') result.complaints.push(message.text())
    })
    page.on('pageerror', (error) => {
      result.complaints.push(String(error))
    })
    await page.goto(url)
    await page.waitForSelector('main')
    return result
  }

  return {
    open,
    openApp: (options?: BrowserContextOptions) => open(TEMPLATE, options),
    /** The report of an analysis, as `--format html` writes it. */
    openReport(analysis: Analysis, options?: BrowserContextOptions, explanation?: (id: string) => string) {
      const file = join(folder, 'report.html')
      writeFileSync(file, reportOf(analysis, explanation))
      return open(file, options)
    },
    inFolder: (name: string) => join(folder, name),
  }
}

export function reportOf(analysis: Analysis, explanation?: (id: string) => string): string {
  return [...pageReport(readFileSync(TEMPLATE, 'utf8'), explanation)(DEFAULT_OPTIONS).end(analysis)].join('')
}
