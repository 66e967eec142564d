import { buildPage } from '../../build/page.js'

/** Once before all tests: the page as it is in the sources now. */
export default async function setup(): Promise<void> {
  await buildPage()
}
