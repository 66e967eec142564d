import type { TransferCount } from '../contract.js'
import { bytes, count } from './units.js'

/** Transfers in a cell of a table: `2 of 3`; where TLS hides them, the data connections that carried data. */
export function transferCell({ attempted, completed, hidden }: TransferCount, none: string): string {
  if (attempted > 0) return `${count(completed)} of ${count(attempted)}`
  return hidden ? `${count(hidden.carriedData)} of ${count(hidden.opened)} (TLS)` : none
}

/** `data connections that carried data: 2 of 3`. */
export function hiddenText({ carriedData, opened }: NonNullable<TransferCount['hidden']>): string {
  return `data connections that carried data: ${count(carriedData)} of ${count(opened)}`
}

/** The same with the bytes of both directions, TLS records included. */
export function hiddenDetail(hidden: NonNullable<TransferCount['hidden']>): string {
  const sent = [
    ...(hidden.bytesFromClient > 0 ? [`${bytes(hidden.bytesFromClient)} from the client`] : []),
    ...(hidden.bytesFromServer > 0 ? [`${bytes(hidden.bytesFromServer)} from the server`] : []),
  ]
  return `${hiddenText(hidden)}${sent.length > 0 ? ` (${sent.join(', ')})` : ''}`
}
