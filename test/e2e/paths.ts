import path from 'node:path';

/** The repository. */
export const ROOT = path.join(import.meta.dirname, '../..');
/** Pictures of every theme, for eyes; not kept under version control. */
export const SCREENSHOTS = path.join(import.meta.dirname, 'screenshots');
