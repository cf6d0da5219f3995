/** Renders media/source/icon.svg to media/icon.png (128 × 128), the picture in the list of extensions, which must be a PNG. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from './lib/browser.mjs';

const MEDIA = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'media');
const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 128, height: 128 } });
  await page.setContent(
    `<style>body { margin: 0 }</style>${readFileSync(path.join(MEDIA, 'source/icon.svg'), 'utf8')}`,
  );
  await page.screenshot({ path: path.join(MEDIA, 'icon.png'), omitBackground: true });
} finally {
  await browser.close();
}
