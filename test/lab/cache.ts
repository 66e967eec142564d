/** Where what has to be unpacked or made once is kept between runs. */
export const CACHE = process.env['FTPSCOPE_LAB_CACHE'] ?? '/var/cache/ftpscope-lab'
