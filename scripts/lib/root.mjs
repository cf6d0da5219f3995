/** Where the checkout is, and which script was started. */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Whether the script with this `import.meta.url` was started by itself, and not imported by another one. */
export const isMain = (url) => url === pathToFileURL(process.argv[1] ?? '').href;
