/** Options of a script's command line. */
import { parseArgs } from 'node:util';

/** The values of `options` (as `parseArgs` has them); what is not understood ends the script with a message and code 2. */
export function readOptions(script, options) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`${script}: ${error.message}`);
    return process.exit(2);
  }
}
