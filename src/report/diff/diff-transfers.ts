import type { SessionReport, TransferReport } from '../contract.js'
import type { RunTransferReport, TransferChangeReport } from './contract.js'

/** Transfers that are listed of one session. */
const MOST_TRANSFERS = 1000

/** The transfers of two runs of a session, paired by command and file, repeated ones in their order. */
export function diffTransfers(before: SessionReport | null, after: SessionReport | null): TransferChangeReport[] {
  const fresh = new Map<string, TransferReport[]>()
  for (const transfer of transfersOf(after)) {
    const queue = fresh.get(keyOf(transfer))
    if (queue) queue.push(transfer)
    else fresh.set(keyOf(transfer), [transfer])
  }
  const paired = transfersOf(before).map((transfer): TransferChangeReport => {
    const { command, path } = transfer
    const counterpart = fresh.get(keyOf(transfer))?.shift()
    return { command, path, before: describe(transfer), after: counterpart ? describe(counterpart) : null }
  })
  const left = new Set([...fresh.values()].flat())
  const only = transfersOf(after).filter((transfer) => left.has(transfer))
  const added = only.map((transfer): TransferChangeReport => ({
    command: transfer.command,
    path: transfer.path,
    before: null,
    after: describe(transfer),
  }))
  return [...paired, ...added].slice(0, MOST_TRANSFERS)
}

function transfersOf(session: SessionReport | null): TransferReport[] {
  return session?.dataChannels.flatMap(({ transfer }) => transfer ?? []) ?? []
}

function keyOf({ command, path }: TransferReport): string {
  return JSON.stringify([command, path])
}

function describe({ outcome, bytes, durationMs, firstByteMs, bytesPerSecond }: TransferReport): RunTransferReport {
  return { outcome, bytes, durationMs, firstByteMs, bytesPerSecond }
}
