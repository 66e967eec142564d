/** Extensions of the names of files that are not text. */
export const BINARY_EXTENSIONS: readonly string[] = (
  '7z apk avi bin bz2 cab class dat db deb dll dmg doc docx exe flac gif gz ico img iso jar jpg jpeg lz4 m4a mdb mkv ' +
  'mov mp3 mp4 mpg mpeg msi o odt ogg pdf pfx png ppt pptx rar rpm so sqlite tar tgz tif tiff ttf war wav webp whl ' +
  'woff woff2 xls xlsx xz z zip zst'
).split(' ')
