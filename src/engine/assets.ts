/** Where the files are that the engine reads at run time. */
import path from 'node:path';

interface Assets {
  modelDir: string;
  grammarsDir: string;
}

/** Assets beside a bundle in `dist/`; anything else is said explicitly. */
export function locateAssets(
  bundleDir: string,
  chosen: { modelDir?: string | undefined; grammarsDir?: string | undefined },
): Assets {
  return {
    modelDir: path.resolve(chosen.modelDir ?? path.join(bundleDir, '..', 'models')),
    grammarsDir: path.resolve(chosen.grammarsDir ?? path.join(bundleDir, 'grammars')),
  };
}
