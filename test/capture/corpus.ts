import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

export function readCapture(path: string): Uint8Array {
  const bytes = readFileSync(path)
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes
}

/** Number, epoch time and captured length of each frame, as tshark prints them. */
export function tsharkFrames(path: string): string[][] {
  const fields = ['frame.number', 'frame.time_epoch', 'frame.cap_len', 'frame.len'].flatMap((field) => ['-e', field])
  const printed = execFileSync('tshark', ['-n', '-r', path, '-T', 'fields', ...fields], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 28,
  })
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
}
