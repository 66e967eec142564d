import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** True if Wireshark's command line is installed: tests that use it as an oracle are skipped otherwise. */
export const hasTshark = spawnSync('tshark', ['--version']).status === 0

/** Display filter for wrong checksums and for what tshark cannot read. */
export const FAULTS =
  'ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0 || icmpv6.checksum.status ' +
  '== 0 || icmp.checksum.status == 0 || _ws.malformed'

/** Rows of fields of the frames that a display filter lets pass; TCP and IP checksums are checked. */
export function tsharkFields(capture: Uint8Array, filter: string, ...fields: string[]): string[][] {
  const folder = mkdtempSync(join(tmpdir(), 'ftpscope-'))
  try {
    const file = join(folder, 'capture')
    writeFileSync(file, capture)
    const checks = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE', '-o', 'udp.check_checksum:TRUE']
    const wanted = fields.flatMap((field) => ['-e', field])
    const output = execFileSync('tshark', ['-r', file, ...checks, '-Y', filter, '-T', 'fields', ...wanted], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
