/** `1 byte`, `123456 bytes`. */
export function byteCount(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${bytes} bytes`
}
