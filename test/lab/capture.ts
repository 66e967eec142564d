import { readFileSync } from 'node:fs'
import { spawn, type ChildProcess } from 'node:child_process'
import { readPcap } from './derive/pcap.js'
import { sleep, stop } from './shell.js'

/** Starts tcpdump inside a namespace and returns once it captures. */
export async function capture(enter: readonly string[], name: string, file: string): Promise<ChildProcess> {
  const options = ['-i', name, '-U', '--immediate-mode', '-B', '16384', '-s', '0', '-Z', 'root', '-w', file]
  const [program = '', ...args] = [...enter, 'tcpdump', ...options]
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  await new Promise<void>((resolve, reject) => {
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('listening on')) resolve()
    })
    child.once('close', () => {
      reject(new Error(`tcpdump ended: ${said}`))
    })
  })
  return child
}

/** Ends the captures once their files have stopped growing. */
export async function stopCaptures(captures: readonly ChildProcess[], files: readonly string[]): Promise<void> {
  let before = -1
  for (let size = total(files); size !== before; size = total(files)) {
    before = size
    await sleep(150)
  }
  await Promise.all(captures.map((child) => stop(child, 'SIGINT')))
}

/**
 * Waits until a client's capture holds a first TCP segment, `atMostMs` long: a busy machine starts programs slowly, and
 * their time to give up is to count from here.
 */
export async function firstSegment(file: string, atMostMs: number): Promise<void> {
  const end = Date.now() + atMostMs
  while (Date.now() < end && !holdsTcp(readFileSync(file))) await sleep(100)
}

const holdsTcp = (file: Uint8Array): boolean =>
  file.length >= 24 && readPcap(file).packets.some(({ data }) => isTcp(data))

function isTcp(frame: Uint8Array): boolean {
  const type = ((frame[12] ?? 0) << 8) | (frame[13] ?? 0)
  return (type === 0x0800 && frame[23] === 6) || (type === 0x86dd && frame[20] === 6)
}

const total = (files: readonly string[]): number => files.reduce((sum, file) => sum + readFileSync(file).length, 0)
