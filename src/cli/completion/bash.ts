import type { CompletionWords } from './words.js'

export function bashCompletion({ commands, options, arguments: following }: CompletionWords): string {
  const all = options.flatMap(({ flags }) => flags)
  const cases = [
    ...options.filter(({ values }) => values?.length).map(({ flags, values }) => [flags.join('|'), values!] as const),
    ...Object.entries(following),
  ]
  return `# bash completion of ftpscope: source <(ftpscope completion bash)
_ftpscope() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  case $previous in
${cases.map(([words, values]) => `    ${words}) COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$current")); return ;;`).join('\n')}
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W '${all.join(' ')}' -- "$current"))
  elif ((COMP_CWORD == 1)) && [[ -n $current ]]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')}' -- "$current"))
  fi
}
# If nothing else matches, files are completed.
complete -o default -F _ftpscope ftpscope
`
}
