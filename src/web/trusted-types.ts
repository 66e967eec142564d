/** The part of Trusted Types that is used here; the compiler's DOM types lack it. */
interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL: (url: string) => string }
}

const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes
const policy = policies?.createPolicy('ftpscope', {
  createScriptURL(url) {
    if (!url.startsWith('blob:')) throw new TypeError('Only the worker that the page contains may run')
    return url
  },
})

/** The page's policy refuses text as code or markup; the worker's address is the one exception. */
export function trustedScriptUrl(url: string): string {
  return policy ? policy.createScriptURL(url) : url
}
