import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { manPage } from '../../build/man-page.js'
import { type Commands, createProgram } from '../../src/cli/program.js'

const page = manPage('1.2.3')
const hasGroff = spawnSync('groff', ['--version']).status === 0

/** What a reader sees. */
function formatted(): { text: string; warnings: string } {
  const { stdout, stderr } = spawnSync('groff', ['-man', '-Tascii', '-P-cbou', '-ww', '-rLL=100n'], {
    input: page,
    encoding: 'utf8',
  })
  return { text: stdout, warnings: stderr }
}

describe('The manual page', () => {
  it('has every command and every option of the program', () => {
    const program = createProgram('1.2.3', {} as Commands)
    for (const command of [program, ...program.commands]) {
      if (command !== program) expect(page).toContain(`.SS \\fB${command.name()}\\fR`)
      for (const { long } of command.options) expect(page).toContain(long!.replaceAll('-', '\\-'))
    }
  })

  it('has what the program prints after its options', () => {
    expect(page).toContain('.SH EXIT STATUS\n0 analyzed; 1 analyzed')
    expect(page).toContain('.SH EXAMPLES\n.nf\n')
  })

  it.skipIf(!hasGroff)('is formatted without a warning, and with texts as they are', () => {
    const { text, warnings } = formatted()
    expect(warnings).toBe('')
    expect(text).toContain("ftpscope night.pcap --user alice --file '*.csv'")
    expect(text).toContain('"user = alice and rate <')
  })
})
