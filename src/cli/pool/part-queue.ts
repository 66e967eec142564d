import type { FromWorker } from './messages.js'

type Item = Extract<FromWorker, { kind: 'told' | 'sessions' | 'analyzed' }>

/** Holds the messages of a thread about its part until the parts before it are done. */
export class PartQueue {
  readonly #items: { item: Item; taken: () => void }[] = []
  /** The thread waits until its sessions have been passed on. */
  readonly #bounded: boolean
  #failure: { error: unknown } | null = null
  #wake = (): void => undefined

  constructor(bounded: boolean) {
    this.#bounded = bounded
  }

  /** True for the last message. */
  hear(message: FromWorker, taken: () => void): boolean {
    if (message.kind !== 'told' && message.kind !== 'sessions' && message.kind !== 'analyzed') return false
    const held = this.#bounded && message.kind === 'sessions'
    if (message.kind === 'sessions' && !held) taken()
    this.#items.push({ item: message, taken: held ? taken : () => undefined })
    this.#wake()
    return message.kind === 'analyzed'
  }

  fail(error: unknown): void {
    this.#failure = { error }
    this.#wake()
  }

  /** All messages of the thread, as they arrive, up to the end of the part. */
  async *items(): AsyncGenerator<Item, void, undefined> {
    for (;;) {
      const next = this.#items.shift()
      if (next) {
        yield next.item
        next.taken()
        if (next.item.kind === 'analyzed') return
      } else if (this.#failure) throw this.#failure.error
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
