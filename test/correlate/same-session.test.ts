import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { describe, expect, it } from 'vitest'
import { SameSessions } from '../../src/correlate/same-session.js'
import { Connection } from '../../src/tcp/connection.js'

describe('the other side of a translator', () => {
  const seen = (sequence: number, client: string, server = '203.0.113.20', changes = {}) => {
    const first = { frame: sequence, time: 0 }
    const control = new Connection(0, 4, { address: client, port: 52_228 }, { address: server, port: 21 }, first)
    for (const flow of control.flows) Object.assign(flow, { packets: 1, initialSequence: 1000 + sequence })
    Object.assign(control, { synAckAttempts: 1, established: { ...first }, ...changes })
    return control
  }
  const dialogue = { announcements: [] }

  it('has another address at one end, whichever', () => {
    const sessions = new SameSessions(new AnomalyLog())
    expect(sessions.find(seen(7, '192.168.1.10'), dialogue)).toBeNull()
    expect(sessions.find(seen(7, '192.168.1.10'), dialogue)).toBeNull()
    expect(sessions.find(seen(7, '198.51.100.7'), dialogue)?.client.address).toBe('192.168.1.10')
    expect(sessions.find(seen(7, '192.168.1.10', '10.0.0.21'), dialogue)?.server.address).toBe('203.0.113.20')
  })

  it('is forgotten when more than 1024 others were seen since', () => {
    const sessions = new SameSessions(new AnomalyLog())
    for (let sequence = 1; sequence <= 1025; sequence++) sessions.find(seen(sequence, '192.168.1.10'), dialogue)
    expect(sessions.find(seen(1, '198.51.100.7'), dialogue)).toBeNull()
    expect(sessions.find(seen(1025, '198.51.100.7'), dialogue)).not.toBeNull()
  })

  it.each([
    ['was refused, which a scanner with a constant sequence number is everywhere', { synAckAttempts: 0 }],
    ['was never completed', { established: null }],
    ['comes much later', { first: { frame: 9, time: 3600e9 } }],
  ])('is not one that %s', (_, changes) => {
    const sessions = new SameSessions(new AnomalyLog())
    expect(sessions.find(seen(7, '192.168.1.10'), dialogue)).toBeNull()
    expect(sessions.find(seen(7, '198.51.100.7', '203.0.113.20', changes), dialogue)).toBeNull()
  })

  it('is not a made capture whose sequence numbers all begin at 0', () => {
    const sessions = new SameSessions(new AnomalyLog())
    const made = (client: string) => {
      const control = seen(7, client)
      for (const flow of control.flows) flow.initialSequence = 0
      return control
    }
    expect(sessions.find(made('192.168.1.10'), dialogue)).toBeNull()
    expect(sessions.find(made('198.51.100.7'), dialogue)).toBeNull()
  })
})
