import { useSyncExternalStore } from 'react'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const key = 'namesake-theme'
const listeners = new Set<() => void>()
let chosen = stored()

/** A browser may refuse its storage: then the choice lasts as long as the page. */
function stored(): Theme {
  try {
    const value = localStorage.getItem(key)
    return themes.find((theme) => theme === value) ?? 'system'
  } catch {
    return 'system'
  }
}

export function applyTheme(): void {
  if (chosen === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = chosen
}
export function chooseTheme(theme: Theme): void {
  chosen = theme
  applyTheme()
  try {
    localStorage.setItem(key, theme)
  } catch {
    // Kept for this page only.
  }
  for (const listener of listeners) listener()
}
export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, () => chosen)
}
