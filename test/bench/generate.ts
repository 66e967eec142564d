import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { totals } from './truth.js'
import { generate, type Workload, WORKLOADS } from './workloads.js'

/**
 * Writes the capture of a workload to a file or standard output and its truth beside it:
 * `tsx test/bench/generate.ts many [--scale 0.1] [-o many.pcap] [--truth many.json]`
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scale: { type: 'string', default: '1' },
    output: { type: 'string', short: 'o', default: '-' },
    truth: { type: 'string' },
  },
})
const workload = WORKLOADS.find((name) => name === positionals[0])
if (!workload) {
  console.error(`Name a workload: ${WORKLOADS.join(', ')}`)
  process.exit(2)
}
make(workload)

function make(name: Workload): void {
  const file = values.output === '-' ? 1 : openSync(values.output, 'w')
  const truth = generate(name, Number(values.scale), (chunk) => {
    for (let at = 0; at < chunk.length;) at += write(file, chunk, at)
  })
  if (file !== 1) closeSync(file)
  if (values.truth !== undefined) writeFileSync(values.truth, JSON.stringify(truth))
  const { packets, bytes, connections, sessions } = truth
  console.error(JSON.stringify({ workload: name, packets, captureBytes: bytes, connections, ...totals(sessions) }))
}

/** A pipe that is full takes nothing for now. */
function write(file: number, chunk: Uint8Array, at: number): number {
  try {
    return writeSync(file, chunk, at)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
      return 0
    }
    throw error
  }
}
