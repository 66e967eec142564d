import { VERBS } from './commands.js'
import type { Range } from './lengths.js'
import { type Pending, waiting } from './state.js'
import type { Template } from './template.js'
import type { Occasion } from './texts/server-texts.js'

/** What the states before a record share when they ask what it may be. */
export class RecordKnowledge {
  readonly index: number
  readonly commands: CommandShares[] = []
  readonly replies: ReplyShares[] = []
  readonly #waiting: Pending[] = []

  constructor(index: number) {
    this.index = index
  }

  /** If it is a command, by the order of verbs. */
  waiting(verb: number): Pending {
    return (this.#waiting[verb] ??= waiting(VERBS[verb]!, this.index))
  }
}

/** For replies to a verb that was sent in a record, after a USER in another. */
interface ReplyShares {
  replies: readonly Template[]
  occasion: Occasion
  asked: number
  others: number
  userRecord: number
  shares: readonly number[]
}

/** By their order in `VERBS`, for a client's command before it whose argument is so long. */
export interface CommandShares {
  before: Range | null
  alone: readonly number[]
  withAbort: readonly number[]
}
