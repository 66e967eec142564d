import { expect, it } from 'vitest'
import { Analyzer } from '../src/analyze.js'
import { SCENES } from './property/scenes.js'

it('hands out a session of live input when its time is up though no packet comes, and none of an old capture', () => {
  const scene = SCENES['passive']!()
  const users: (string | null)[] = []
  const analyzer = new Analyzer({}, { session: ({ user }) => users.push(user) })
  analyzer.openFile('-')
  analyzer.push(scene.toPcap())
  const last = scene.start + scene.packets.at(-1)!.time / 1e6
  analyzer.idle(last + 24 * 3600e3)
  analyzer.idle(last - 1000)
  analyzer.idle(last + 100)
  expect(users).toEqual([])
  analyzer.idle(last + 2000)
  expect(users).toEqual(['alice'])
  analyzer.closeFile()
  expect(analyzer.end().summary.sessions).toBe(1)
})
