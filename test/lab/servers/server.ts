import type { ServerSpec } from '../scenario.js'

/** Everything a server needs to know to be started. */
export interface ServerContext {
  readonly spec: ServerSpec
  readonly address: string
  readonly port: number
  readonly passiveRange: readonly [number, number]
  readonly family: 4 | 6
  /** Scratch folder of this server; readable for the accounts. */
  readonly folder: string
  readonly home: string
}

export interface Launch {
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Writes the configuration and says how to start. */
export type Server = (context: ServerContext) => Launch | Promise<Launch>

export const ACCOUNT = { user: 'alice', password: 'wonderland', uid: 2001 } as const
