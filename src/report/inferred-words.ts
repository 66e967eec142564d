import type { InferredExchangeReport } from './inferred-exchange.js'

/** A command or reply under TLS that was not read, on one line, marked as what it is. */
export function inferredWords({ command, code, text, bytes, confidence }: InferredExchangeReport): string {
  const words = command ?? `${code}${text === null ? '' : ` ${text.split('\n')[0]!}`}`
  const length = bytes === null ? '' : ` from ${bytes} bytes`
  return `${words}   (inferred${length}, ${confidence} confidence)`
}
