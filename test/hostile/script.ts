import { Flood, Talk } from '../fuzz/flood.js'
import type { Scenario } from './scenarios.js'

export const CLIENT = 5

/** A scenario that sends packets `step` microseconds apart. */
export function flood(script: (flood: Flood, count: number) => void, step?: number): Scenario['feed'] {
  return (input, count) => {
    const sender = new Flood((chunk) => {
      input.push(chunk)
    }, step)
    script(sender, count)
    sender.flush()
  }
}

/** A control connection that is logged in. */
export function greeted(sender: Flood, port = 1000): Talk {
  return new Talk(sender, CLIENT, port).server('220 hi\r\n').client('USER a\r\n').server('230 ok\r\n')
}
