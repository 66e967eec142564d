import type { Readable } from 'node:stream'

/**
 * How long to continue reading after the user ended the input: Ctrl-C also ends tcpdump, which then writes its last
 * packets.
 */
const GRACE_MS = 500

/** The bytes of a stream until it ends, or until shortly after `signal` is aborted. */
export async function* readStreamChunks(
  stream: Readable,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const state = { stopped: false }
  let timer: NodeJS.Timeout | undefined
  const onAbort = () => {
    timer = setTimeout(() => {
      state.stopped = true
      stream.destroy()
    }, GRACE_MS)
  }
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    for await (const chunk of stream) yield chunk as Uint8Array
  } catch (error) {
    // A destroyed stream reports a premature end.
    if (!state.stopped) throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}
