import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/index.js'
import { findingGroups } from '../../src/web/model/causes.js'
import { command, dialInVain, ftpSession, login, pasv } from '../support/ftp-scene.js'
import { atClient } from '../support/places.js'

describe('Findings of one kind', () => {
  it('list what to change at each server whose remedy differs', async () => {
    const place = atClient('')
    for (const [index, address] of ['203.0.113.20', '203.0.113.21', '203.0.113.21'].entries()) {
      const server = index === 0 ? place.server : place.scene.host(address, { hopLimit: 57 })
      const session = ftpSession(place.scene, place.client, server, { clientPort: 52_228 + 10 * index })
      login(session)
      pasv(session, 50_005)
      command(session, 'LIST')
      dialInVain(session, 50_005, { attempts: 4 })
      session.control.close('client')
    }
    const group = findingGroups(await analyze([place.scene.toPcap()])).find(
      ({ id }) => id === 'passive-port-unanswered',
    )
    expect(group?.sessions).toEqual([1, 2, 3])
    expect(group?.remedies.map(({ server }) => server)).toEqual(['203.0.113.20:21', '203.0.113.21:21'])
    for (const { server, finding } of group?.remedies ?? [])
      expect(finding.remedy.join()).toContain(`to ${server.replace(':21', '')}`)
  })
})
