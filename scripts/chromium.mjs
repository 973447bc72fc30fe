import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

/** Names of Chromium's program, the lightest first. */
export const CHROMIUM = ['chromium-headless-shell', 'chromium', 'chromium-browser'];

/** @throws Error that says what to install. Nothing is skipped, since an untested page proves nothing */
export const launchBrowser = () => chromium.launch({ executablePath: findChromium() });

function findChromium() {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of CHROMIUM) {
      const path = join(directory, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Try the next one.
      }
    }
  }
  throw new Error(
    'Pages are tested in a real browser, and there is no Chromium on the PATH. Install it with: npm run setup:tests',
  );
}
