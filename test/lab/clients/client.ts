import type { Action, ClientSpec } from '../scenario.js'
import { ACCOUNT } from '../servers/server.js'

/** Everything a client needs to know to be started. */
export interface ClientContext {
  readonly spec: ClientSpec
  readonly actions: readonly Action[]
  readonly user: string
  readonly password: string
  /** Address to dial, with port. */
  readonly host: string
  readonly port: number
  /** Where downloads go and uploads come from. */
  readonly folder: string
  /** Seconds. */
  readonly timeout: number
}

export interface ClientLaunch {
  readonly command: readonly string[]
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
}

export type Client = (context: ClientContext) => ClientLaunch

export const DEFAULT_USER = ACCOUNT.user
export const DEFAULT_PASSWORD = ACCOUNT.password

/** The name of the file that holds what a `put` sends. */
export const uploadName = (name: string): string => `upload-${name}`

/** An address as it stands in a URL. */
export const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host)
