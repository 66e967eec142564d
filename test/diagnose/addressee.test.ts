import { describe, expect, it } from 'vitest'
import { addresseeOf, headedSide } from '../../src/diagnose/remedies/addressee.js'
import { RULES } from '../../src/diagnose/rules/rules.js'
import { analyzeSample } from '../support/analyze-file.js'

describe('The heading of a remedy', () => {
  it.each([
    ['in the client (curl 8.5): --disable-epsv', 'client'],
    ['or on the client: check that a process listens', 'client'],
    ["on the client's NAT or SD-WAN: enable source affinity", 'client-network'],
    ['on the server (vsftpd 3.0.3): pasv_enable=YES', 'server'],
    ['in every firewall in front of it, allow inbound TCP ports', 'server-network'],
    ['on the container host: publish both', 'server-network'],
    ['in the firewalls and NATs on the path: find the rule', 'path'],
    ['check the user name and password', null],
  ])('of "%s" is %s', (line, side) => {
    expect(addresseeOf(line)).toBe(side)
    expect(headedSide({ side: 'unknown', remedy: [line] })).toBe(side ?? 'unknown')
  })

  it('names whom the first line addresses, in the sample of every rule', () => {
    for (const { samples } of RULES) {
      const { sessions } = analyzeSample(samples.reports)
      for (const finding of sessions.flatMap(({ findings }) => findings)) {
        const named = /^(?:in|on) the (client|server)\b/.exec(finding.remedy[0] ?? '')?.[1]
        if (named !== undefined) expect(headedSide(finding)).toMatch(new RegExp(`^${named}`))
      }
    }
  })
})
