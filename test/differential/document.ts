/** A list of docs/COMPARISON.md that a test writes stands between two markers, which are comments in Markdown. */
export function marked(name: string): RegExp {
  return new RegExp(`(?<=<!-- ${name} begin -->\\n)[^]*?(?=\\n<!-- ${name} end -->)`)
}
