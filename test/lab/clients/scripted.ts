/** A small FTP client that does what a scenario says, step by step: usage scripted.ts SETTINGS.json */
import { readFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { sleep } from '../shell.js'
import type { ClientContext } from './client.js'
import type { Step } from './script.js'

const context = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as ClientContext
const steps = context.spec.script as readonly Step[]
const control = connect({ host: context.host, port: context.port })
control.setNoDelay(true)
control.on('error', (error) => {
  console.log(error.message)
  process.exit(1)
})

let pending = ''
let lastReply = ''
let data: Socket | undefined
let listener: Server | undefined
const received: Buffer[] = []
control.on('data', (chunk: Buffer) => (pending += chunk.toString('latin1')))

async function within(ms: number, done: () => boolean): Promise<boolean> {
  const end = Date.now() + ms
  while (!done()) {
    if (Date.now() > end) return false
    await sleep(2)
  }
  return true
}

function nextReply(): string | undefined {
  const match = /^(?:[^\n]*\n)*?\d{3} [^\n]*\n/.exec(pending)
  if (!match) return undefined
  pending = pending.slice(match[0].length)
  return match[0]
}

function fill(text: string): string {
  const address = control.localAddress ?? ''
  const port = listener ? (listener.address() as AddressInfo).port : 0
  const tuple = `${address.replaceAll('.', ',')},${port >> 8},${port & 255}`
  const eprt = `|${address.includes(':') ? 2 : 1}|${address}|${port}|`
  return text.replaceAll('{tuple}', tuple).replaceAll('{eprt}', eprt).replaceAll('{port}', `${port}`)
}

function announced(): { host: string; port: number } {
  const six = /(\d+),(\d+),(\d+),(\d+),(\d+),(\d+)/.exec(lastReply)
  if (six) return { host: six.slice(1, 5).join('.'), port: Number(six[5]) * 256 + Number(six[6]) }
  const extended = /\(\D{3}(\d+)\D\)/.exec(lastReply)
  return { host: context.host, port: Number(extended?.[1]) }
}

function keep(socket: Socket): void {
  data = socket
  received.length = 0
  socket.on('data', (chunk: Buffer) => received.push(chunk))
  socket.on('error', (error) => {
    console.log(`data: ${error.message}`)
  })
}

async function perform(step: Step): Promise<void> {
  if ('send' in step) control.write(fill(step.send) + '\r\n')
  else if ('raw' in step) control.write(Buffer.from(fill(step.raw), 'latin1'))
  else if ('bytewise' in step) {
    for (const byte of Buffer.from(fill(step.bytewise), 'latin1')) {
      control.write(Buffer.of(byte))
      await sleep(step.gapMs ?? 5)
    }
  } else if ('expect' in step) {
    let reply: string | undefined
    await within(step.timeoutMs ?? 8000, () => (reply = nextReply()) !== undefined)
    lastReply = reply ?? ''
    console.log(lastReply.trimEnd() || 'no reply')
    const last = lastReply.trimEnd().split('\n').at(-1) ?? ''
    if (!last.startsWith(step.expect) && step.mayFail !== true) throw new Error(`Expected ${step.expect}`)
  } else if ('sleep' in step) await sleep(step.sleep)
  else if ('dial' in step) {
    const to = announced()
    const target = step.dial === 'announced' ? to : { host: step.dial.address ?? to.host, port: step.dial.port }
    const socket = connect({ ...target, ...(step.from === undefined ? {} : { localAddress: step.from }) })
    keep(socket)
    await within(8000, () => !socket.connecting)
  } else if ('listen' in step) {
    listener = createServer(keep)
    const server = listener
    await new Promise<void>((resolve) => {
      server.listen(0, control.localAddress, resolve)
    })
  } else if ('accept' in step) await within(step.timeoutMs ?? 8000, () => data !== undefined)
  else if ('receive' in step) {
    const wanted = step.receive
    await within(step.timeoutMs ?? 8000, () =>
      wanted === 'all'
        ? data?.readableEnded === true || data?.destroyed === true
        : Buffer.concat(received).length >= wanted,
    )
  } else if ('pauseData' in step) {
    data?.pause()
    setTimeout(() => data?.resume(), step.pauseData)
  } else if ('upload' in step) data?.end(Buffer.alloc(step.upload, 'ftpscope '))
  else if ('closeData' in step) {
    if (step.closeData === 'fin') data?.end()
    else data?.resetAndDestroy()
    data = undefined
  } else if (step.close === 'fin') control.end()
  else control.resetAndDestroy()
}

try {
  for (const step of steps) await perform(step)
} catch (error) {
  console.log(String(error))
  process.exitCode = 1
}
control.end()
listener?.close()
data?.end()
setTimeout(() => process.exit(), 300)
