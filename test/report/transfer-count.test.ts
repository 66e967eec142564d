import { describe, expect, it } from 'vitest'
import { hiddenDetail, transferCell } from '../../src/report/text/transfer-count.js'

const hidden = { opened: 3, carriedData: 2, bytesFromClient: 1500, bytesFromServer: 0 }

describe('The count of transfers', () => {
  it('is that of data connections where TLS hides all commands', () => {
    expect(transferCell({ attempted: 2, completed: 1, failed: 1, hidden }, '–')).toBe('1 of 2')
    expect(transferCell({ attempted: 0, completed: 0, failed: 0, hidden }, '–')).toBe('2 of 3 (TLS)')
    expect(transferCell({ attempted: 0, completed: 0, failed: 0 }, '–')).toBe('–')
  })

  it('names the bytes of the directions that carried any', () => {
    expect(hiddenDetail(hidden)).toBe('data connections that carried data: 2 of 3 (1.5 kB from the client)')
    expect(hiddenDetail({ ...hidden, bytesFromServer: 700 })).toMatch(/from the client, 700 bytes from the server\)$/)
    expect(hiddenDetail({ opened: 1, carriedData: 0, bytesFromClient: 0, bytesFromServer: 0 })).toMatch(/: 0 of 1$/)
  })
})
