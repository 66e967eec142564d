import { signal } from '@preact/signals'

export type Theme = 'light' | 'dark'

const KEY = 'ftpscope-theme'
const system = matchMedia('(prefers-color-scheme: dark)')

/** What the user chose; `null` follows the system. */
const chosen = signal<Theme | null>(remembered())
const systemIsDark = signal(system.matches)
system.addEventListener('change', ({ matches }) => {
  systemIsDark.value = matches
})

export function currentTheme(): Theme {
  return chosen.value ?? (systemIsDark.value ? 'dark' : 'light')
}

export function toggleTheme(): void {
  chosen.value = currentTheme() === 'dark' ? 'light' : 'dark'
  try {
    localStorage.setItem(KEY, chosen.value)
  } catch {
    // A page from a file may have no storage: the choice then lasts as long as the page.
  }
}

/** Stores the choice where the style sheet reads it. */
export function applyTheme(): void {
  const { dataset } = document.documentElement
  if (chosen.value) dataset['theme'] = chosen.value
  else delete dataset['theme']
}

function remembered(): Theme | null {
  try {
    const value = localStorage.getItem(KEY)
    return value === 'light' || value === 'dark' ? value : null
  } catch {
    return null
  }
}
