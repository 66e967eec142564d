/** One step of a scripted client. `{tuple}`, `{port}` and `{eprt}` in text stand for its own listener. */
export type Step =
  | { readonly send: string }
  /** Bytes as they are, without CRLF. */
  | { readonly raw: string }
  | { readonly bytewise: string; readonly gapMs?: number }
  /** Waits for the final line of a reply with that code prefix; ends the client when another comes or none in time. */
  | { readonly expect: string; readonly timeoutMs?: number; readonly mayFail?: boolean }
  | { readonly sleep: number }
  /** Connects to the address of the last announcement, or to the one given. */
  | { readonly dial: 'announced' | { readonly address?: string; readonly port: number }; readonly from?: string }
  | { readonly listen: true }
  | { readonly accept: true; readonly timeoutMs?: number }
  | { readonly receive: 'all' | number; readonly timeoutMs?: number }
  /** Leaves data unread in the socket for so long, while the next steps run. */
  | { readonly pauseData: number }
  | { readonly upload: number }
  | { readonly closeData: 'fin' | 'reset' }
  | { readonly close: 'fin' | 'reset' }

/** The usual log-in. */
export const LOGIN: readonly Step[] = [
  { expect: '220' },
  { send: 'USER alice' },
  { expect: '331' },
  { send: 'PASS wonderland' },
  { expect: '230' },
]

/** Log-in, then a passive data connection that is open when the next step runs. */
export const LOGIN_AND_PASSIVE: readonly Step[] = [
  ...LOGIN,
  { send: 'TYPE I' },
  { expect: '200' },
  { send: 'PASV' },
  { expect: '227' },
  { dial: 'announced' },
]

export const QUIT: readonly Step[] = [{ send: 'QUIT' }, { expect: '221' }]
