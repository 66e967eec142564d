import type { CompletionWords } from './words.js'

export function fishCompletion({ commands, options, arguments: following }: CompletionWords): string {
  const lines = ['# fish completion of ftpscope: ~/.config/fish/completions/ftpscope.fish']
  for (const { name, description } of commands) {
    lines.push(`complete -c ftpscope -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`)
  }
  for (const { flags, description, values } of options) {
    const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ')
    // -x: takes a value and no file; -r: takes a value, which may be a file.
    const value = values === null ? ' -r' : values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : ''
    lines.push(`complete -c ftpscope ${names}${value} -d ${quoted(description)}`)
  }
  for (const [command, values] of Object.entries(following)) {
    const seen = quoted(`__fish_seen_subcommand_from ${command}`)
    lines.push(`complete -c ftpscope -f -n ${seen} -a ${quoted(values.join(' '))}`)
  }
  return lines.join('\n') + '\n'
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
