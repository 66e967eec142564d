/** Takes the README's picture of the report: `npm run build && npm run picture`. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from '../support/captures.js'
import { launch } from './launch.js'

const SAMPLE = 'samples/lab/passive-private-address.client.pcap'
const TARGET = join(ROOT, 'docs/report.png')

const folder = mkdtempSync(join(tmpdir(), 'ftpscope-picture-'))
const report = join(folder, 'report.html')
execFileSync(process.execPath, ['dist/cli/main.js', '--format', 'html', '-o', report, SAMPLE], { cwd: ROOT })
const browser = await launch()
const page = await browser.newPage({
  viewport: { width: 1180, height: 1010 },
  deviceScaleFactor: 0.8,
  colorScheme: 'light',
})
await page.goto(pathToFileURL(report).href)
await page.waitForSelector('.ladder svg')
await page.screenshot({ path: TARGET })
await browser.close()
rmSync(folder, { recursive: true })
