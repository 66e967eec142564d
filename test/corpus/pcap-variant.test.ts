import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyzeFile } from '../support/analyze-file.js'
import { ROOT } from '../support/captures.js'

const NAME = 'ctfs_write-ups-2016__top_secret_39af3e3ce5a5d5bc915749267d92ba43.pcap'
const CAPTURE = join(ROOT, '..', 'shared', 'corpus2', NAME)

describe('a public capture with the record headers of an old Red Hat', () => {
  it.skipIf(!existsSync(CAPTURE))('has 963 packets and 2 sessions', () => {
    const { capture, summary } = analyzeFile(CAPTURE)
    expect(capture.frames).toBe(963)
    expect(capture.anomalies).toEqual([])
    expect(summary.sessions).toBe(2)
  })
})
