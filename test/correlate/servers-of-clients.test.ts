import { describe, expect, it } from 'vitest'
import { ServersOfClients } from '../../src/correlate/servers-of-clients.js'

describe('the servers of a client', () => {
  it('are known by client, 16 of each, of the latest 4096 clients', () => {
    const servers = new ServersOfClients()
    for (let i = 0; i < 20; i++) servers.note('192.0.2.1', `203.0.113.${i}`)
    expect(servers.knows('192.0.2.1', '203.0.113.15')).toBe(true)
    expect(servers.knows('192.0.2.1', '203.0.113.16')).toBe(false)
    expect(servers.knows('192.0.2.2', '203.0.113.15')).toBe(false)
    for (let i = 0; i < 4096; i++) servers.note(`client ${i}`, '203.0.113.1')
    expect(servers.knows('192.0.2.1', '203.0.113.15')).toBe(false)
  })
})
