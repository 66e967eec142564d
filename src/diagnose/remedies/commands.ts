/**
 * Commands of a remedy. A remedy is a sentence; each line below it is a command to run as it stands, after the system
 * or program that it is for and a tab.
 */

/** What to run, and where: `Linux`, `Windows`, `nftables`; `null` where the sentence says so. */
export interface Command {
  on: string | null
  run: string
}

/** A remedy that ends in commands: pairs of a system and of what to run there. */
export function withCommands(sentence: string, ...commands: readonly (readonly [string | null, string])[]): string {
  return [sentence, ...commands.map(([on, run]) => `${on ?? ''}\t${run}`)].join('\n')
}

/** The sentence of a remedy, and the commands below it. */
export function splitCommands(remedy: string): { sentence: string; commands: Command[] } {
  const [sentence = '', ...lines] = remedy.split('\n')
  const commands = lines.map((line) => {
    const tab = line.indexOf('\t')
    return { on: tab === 0 ? null : line.slice(0, tab), run: line.slice(tab + 1) }
  })
  return { sentence, commands }
}

/** The end of a remedy in running text: `: Linux: ss -ltnp; Windows: netstat -ano`; empty without commands. */
export function commandsText(commands: readonly Command[]): string {
  if (commands.length === 0) return ''
  return `: ${commands.map(({ on, run }) => (on === null ? run : `${on}: ${run}`)).join('; ')}`
}
