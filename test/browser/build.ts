import { buildPage } from '../../build/page.js'

/** Builds the page from the current sources, once before all tests. */
export default async function setup(): Promise<void> {
  await buildPage()
}
