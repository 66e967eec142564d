import type { CompletionWords } from './words.js'

export function zshCompletion({ commands, options, arguments: following }: CompletionWords): string {
  const cases = [
    ...options.filter(({ values }) => values?.length).map(({ flags, values }) => [flags.join('|'), values!] as const),
    ...Object.entries(following),
  ]
  return `#compdef ftpscope
# zsh completion of ftpscope: source <(ftpscope completion zsh), after compinit
_ftpscope() {
  local -a words_of_ftpscope
  case $words[CURRENT-1] in
${cases.map(([words, values]) => `    ${words}) compadd -- ${values.join(' ')}; return ;;`).join('\n')}
  esac
  if [[ $words[CURRENT] == -* ]]; then
    words_of_ftpscope=(
${options.flatMap(({ flags, description }) => flags.map((flag) => `      ${quoted(`${flag}:${description.replaceAll(':', '\\:')}`)}`)).join('\n')}
    )
    _describe option words_of_ftpscope
    return
  fi
  if (( CURRENT == 2 )); then
    words_of_ftpscope=(
${commands.map(({ name, description }) => `      ${quoted(`${name}:${description.replaceAll(':', '\\:')}`)}`).join('\n')}
    )
    _describe command words_of_ftpscope
  fi
  _files
}
if [[ $funcstack[1] == _ftpscope ]]; then
  _ftpscope "$@"
else
  compdef _ftpscope ftpscope
fi
`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
