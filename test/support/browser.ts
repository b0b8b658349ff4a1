import { existsSync } from 'node:fs'
import path from 'node:path'
import { chromium, type Browser } from 'playwright-core'

/** Debian's, Alpine's and Fedora's places; CHROMIUM says another. Nothing is downloaded. */
const places = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export const chromiumPath: string | null = places.find((place) => place !== undefined && existsSync(place)) ?? null
if (chromiumPath === null) {
  console.warn('\n  !! NO CHROMIUM ON THIS MACHINE: the page is NOT tested in a browser.\n  !! apt-get install chromium, or CHROMIUM=/path/to/it\n')
}

/** A browser that talks to nobody but the page. */
export async function openBrowser(): Promise<Browser> {
  if (chromiumPath === null) throw new Error('no Chromium on this machine: apt-get install chromium, or CHROMIUM=/path/to/it')
  return chromium.launch({
    executablePath: chromiumPath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
}

export const axePath = path.join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js')
