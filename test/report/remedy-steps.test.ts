import { describe, expect, it } from 'vitest'
import { splitCommands, withCommands } from '../../src/diagnose/remedies/commands.js'
import { describeRemedy, remedySteps } from '../../src/report/remedy-steps.js'

describe('The commands of a remedy', () => {
  const listens = withCommands('on the server: check it', ['Linux', "ss -ltnp 'sport = :21'"], [null, 'netstat -ano'])

  it('end its text and are listed apart, each with the remedy that it belongs to', () => {
    expect(describeRemedy(['in the client: use passive mode', listens])).toEqual({
      remedy: [
        'in the client: use passive mode',
        "on the server: check it: Linux: ss -ltnp 'sport = :21'; netstat -ano",
      ],
      commands: [
        { remedy: 1, on: 'Linux', run: "ss -ltnp 'sport = :21'" },
        { remedy: 1, run: 'netstat -ano' },
      ],
    })
  })

  it('are taken off the text again for a report with a line for each', () => {
    expect(remedySteps(describeRemedy(['wait', listens]))).toEqual([
      { text: 'wait', commands: [] },
      {
        text: 'on the server: check it',
        commands: [
          { on: 'Linux', run: "ss -ltnp 'sport = :21'" },
          { on: null, run: 'netstat -ano' },
        ],
      },
    ])
  })

  it('leave a text whole that does not end in them', () => {
    const steps = remedySteps({ remedy: ['run it'], commands: [{ remedy: 0, run: 'ss' }] })
    expect(steps).toEqual([{ text: 'run it', commands: [{ on: null, run: 'ss' }] }])
  })

  it('are absent where there are none', () => {
    expect(describeRemedy(['wait'])).toEqual({ remedy: ['wait'] })
  })

  it('may have a tab in them', () => {
    expect(splitCommands('a\nLinux\tprintf "\t"').commands).toEqual([{ on: 'Linux', run: 'printf "\t"' }])
  })
})
