/** What lies in a folder. */
import { readdirSync } from 'node:fs';
import path from 'node:path';

/** The files in a folder and below it, links left out: paths from the folder, with `/` on every system, in order. */
export function filesBelow(dir) {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}
