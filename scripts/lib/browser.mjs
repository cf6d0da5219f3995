/** Debian's Chromium under playwright-core, as the tests and the pictures use it. */
import { chromium } from 'playwright-core';
import { CHROMIUM } from '../setup.mjs';

const FLAGS = [
  // The tests run as root in containers, where Chromium's own sandbox cannot start. Only local pages are opened.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts Chromium without a window. The caller closes it. */
export function launchBrowser() {
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
}
