/**
 * The engine process: `dist/engine.js`, forked by the client.
 *   --model-dir DIR --grammars-dir DIR   default: ../models and ./grammars beside the bundle
 *   --state-dir DIR                      where device verdicts are remembered; without it nothing is written
 */
import { parseArgs } from 'node:util';
import { locateAssets } from './assets.js';
import { serve } from './process.js';
import { EngineService } from './service.js';

const { values } = parseArgs({
  options: { 'model-dir': { type: 'string' }, 'grammars-dir': { type: 'string' }, 'state-dir': { type: 'string' } },
});
const assets = locateAssets(__dirname, { modelDir: values['model-dir'], grammarsDir: values['grammars-dir'] });
serve((log, onDevice) => new EngineService({ ...assets, stateDir: values['state-dir'], log, onDevice }));
