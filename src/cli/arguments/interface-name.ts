import { InvalidArgumentError } from 'commander'

/** Parser of an option that names a network interface; anything that a shell or a rule could interpret is rejected. */
export function interfaceName(text: string): string {
  if (!/^[A-Za-z][A-Za-z0-9_.]{0,14}$/.test(text))
    throw new InvalidArgumentError('Give the name of an interface, as in em0.')
  return text
}
