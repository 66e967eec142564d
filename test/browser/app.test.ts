import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { jsonReport } from '../../src/report/json/json.js'
import { DEFAULT_OPTIONS } from '../../src/report/format.js'
import { analyzeFile } from '../support/analyze-file.js'
import { ROOT } from '../support/captures.js'
import { useBrowser } from './browser.js'

const browser = useBrowser()
const LAB = join(ROOT, 'samples/lab')
const TLS = join(ROOT, 'test/tls/captures/scenes')
const FAILING = 'passive-private-address.client.pcap'

/** What the command line prints for files of the lab, named as the browser names them: without a folder. */
function commandLine(folder: string, ...names: string[]): string {
  const main = join(ROOT, 'src/cli/main.ts')
  const program = ['--import', join(ROOT, 'node_modules/tsx/dist/esm/index.mjs'), main, '--format', 'json', ...names]
  return execFileSync(process.execPath, program, { cwd: folder, encoding: 'utf8' })
}

async function savedBy(page: Page, button: string): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ])
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') }
}

describe('the app', () => {
  it('analyzes chosen captures and saves the JSON that the command line prints', async () => {
    const { page } = await browser.openApp()
    const names = [FAILING, 'active-healthy.client.pcap']
    await page.setInputFiles(
      'input[type=file]',
      names.map((name) => join(LAB, name)),
    )
    await page.waitForSelector('article.session')
    const { name, text } = await savedBy(page, 'Save JSON')
    expect(name).toMatch(/\.json$/)
    expect(text).toBe(commandLine(LAB, ...names))
  })

  it('analyzes a compressed, truncated capture that is dropped on it, like the command line', async () => {
    const file = browser.inFolder('cut.pcap.gz')
    const compressed = gzipSync(readFileSync(join(LAB, FAILING)))
    writeFileSync(file, compressed.subarray(0, compressed.length - 60))
    const { page } = await browser.openApp()
    const bytes = [...readFileSync(file)]
    const transfer = await page.evaluateHandle((content) => {
      const data = new DataTransfer()
      data.items.add(new File([new Uint8Array(content)], 'cut.pcap.gz'))
      return data
    }, bytes)
    await page.dispatchEvent('main', 'drop', { dataTransfer: transfer })
    await page.waitForSelector('.report')
    expect(await page.textContent('.problems')).toContain('cut.pcap.gz: its gzip data ends early')
    const { text } = await savedBy(page, 'Save JSON')
    expect(text).toBe(commandLine(browser.inFolder('.'), 'cut.pcap.gz'))
  })

  it('reports files that are not captures, like the command line', async () => {
    const file = browser.inFolder('notes.txt')
    writeFileSync(file, 'shopping list: milk')
    const { page } = await browser.openApp()
    await page.setInputFiles('input[type=file]', file)
    await page.waitForSelector('.problems')
    expect(await page.textContent('.problems')).toMatch(/^notes.txt is not a capture file: text at offset 0/)
    expect(await page.getByRole('button', { name: 'Choose captures' }).isVisible()).toBe(true)
  })

  it('decrypts with a key log dropped beside the capture, whatever its name, like the command line', async () => {
    const { page } = await browser.openApp()
    const notes = browser.inFolder('notes.txt')
    writeFileSync(notes, readFileSync(join(TLS, 'split.keys')))
    await page.setInputFiles('input[type=file]', [notes, join(TLS, 'split.pcap')])
    await page.waitForSelector('article.session')
    expect(await page.textContent('article.session')).toContain('explicit TLS, decrypted')
    expect(await page.locator('.problems').count()).toBe(0)
    const { text } = await savedBy(page, 'Save JSON')
    expect(text).toContain('"encrypted":true')
    expect(text).toBe(commandLine(TLS, '--keylog', 'split.keys', 'split.pcap'))
  })

  it('tells in one line that secrets fit no session, or that no capture came with them', async () => {
    const { page } = await browser.openApp()
    await page.setInputFiles('input[type=file]', [join(TLS, 'split.keys'), join(LAB, FAILING)])
    await page.waitForSelector('article.session')
    expect(await page.textContent('.problems')).toMatch(
      /^tls: \d+ secrets?, and no TLS connection of FTP in this capture$/,
    )
    const { text } = await savedBy(page, 'Save JSON')
    expect(text).toBe(commandLine(LAB, '--keylog', join(TLS, 'split.keys'), FAILING))
    const alone = await browser.openApp()
    await alone.page.setInputFiles('input[type=file]', join(TLS, 'split.keys'))
    await alone.page.waitForSelector('.problems')
    expect(await alone.page.textContent('.problems')).toMatch(/^These files hold only TLS secrets: choose the capture/)
  })

  it('takes the private key of a server, like the command line', async () => {
    const { privateKey } = JSON.parse(readFileSync(join(ROOT, 'test/tls/transcripts/tls12-rsa.json'), 'utf8')) as {
      privateKey: string
    }
    const key = browser.inFolder('server')
    writeFileSync(key, privateKey)
    const { page } = await browser.openApp()
    await page.setInputFiles('input[type=file]', [key, join(TLS, 'split.pcap')])
    await page.waitForSelector('article.session')
    expect(await page.textContent('.problems')).toBe(
      'tls: 1 secret, none for the 1 TLS connection of FTP in this capture',
    )
    const { text } = await savedBy(page, 'Save JSON')
    expect(text).toBe(commandLine(TLS, '--private-key', key, 'split.pcap'))
  })

  it('saves a report that shows the same', async () => {
    const { page } = await browser.openApp()
    await page.setInputFiles('input[type=file]', join(LAB, FAILING))
    await page.waitForSelector('article.session')
    const { name, text } = await savedBy(page, 'Save report')
    expect(name).toBe('passive-private-address.client.html')
    const file = browser.inFolder(name)
    writeFileSync(file, text)
    const again = await browser.open(file)
    expect(await again.page.textContent('h1')).toBe('The session failed')
    const saved = await savedBy(again.page, 'Save JSON')
    const value = analyzeFile(join(LAB, FAILING))
    value.capture.files[0]!.path = FAILING
    expect(saved.text).toBe([...jsonReport(new TextEncoder())(DEFAULT_OPTIONS).end(value)].join(''))
  })

  it('can be stopped and reports what was read, and can be cancelled', async () => {
    const file = browser.inFolder('long.pcap')
    const sample = readFileSync(join(LAB, FAILING))
    // The records repeated, long enough that progress is shown before the end.
    const records = sample.subarray(24)
    writeFileSync(file, Buffer.concat([sample.subarray(0, 24), ...Array<Buffer>(100_000).fill(records)]))
    const { page } = await browser.openApp()
    await page.setInputFiles('input[type=file]', file)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Choose captures' }).waitFor()
    await page.setInputFiles('input[type=file]', file)
    await page.getByText(/% of/).waitFor()
    await page.getByRole('button', { name: 'Stop here and report' }).click()
    await page.waitForSelector('.report')
    expect(await page.locator('details.files').first().textContent()).toContain('1 incomplete')
  })
})
