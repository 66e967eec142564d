import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT, SAMPLES } from '../../support/captures.js'
import { folderForEach } from '../folder.js'

const inFolder = folderForEach()

it('The program reads the configuration of the directory in which it is started', () => {
  writeFileSync(inFolder('ftpscope.config.yaml'), 'names: { 203.0.113.20: ftp.example }\nfailOn: failed\n')
  const program = ['--import', join(ROOT, 'node_modules/tsx/dist/loader.mjs'), join(ROOT, 'src/cli/main.ts')]
  const argv = [...program, join(SAMPLES, 'lab/passive-private-address.client.pcap')]
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { cwd: inFolder(''), encoding: 'utf8' })
  expect(status).toBe(1)
  expect(stdout).toContain('203.0.113.20:21 (ftp.example)')
  expect(stderr).toContain('ftpscope: Configuration ftpscope.config.yaml: names, failOn\n')
})
