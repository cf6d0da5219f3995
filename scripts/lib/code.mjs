/** VS Code on this machine: the command of an installed one, and where the test build can stand in for it. */
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** Whether the test build of VS Code runs on a machine: its Node and its binaries are for Linux x64. */
export const hasTestBuild = ({ platform, arch } = process) => platform === 'linux' && arch === 'x64';

/** Full path of VS Code's command, if it is on the PATH. */
export function findCode() {
  const names = process.platform === 'win32' ? ['code.cmd', 'code.exe'] : ['code'];
  for (const dir of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const name of names) {
      const file = path.join(dir, name);
      try {
        accessSync(file, constants.X_OK);
        if (dir !== '' && statSync(file).isFile()) return file;
      } catch {
        // Not in this directory.
      }
    }
  }
  return undefined;
}

/** What to do where no VS Code can be opened: neither `code`, its command, is there nor a test build to be had. */
export function withoutEditor(code, machine = process) {
  if (code !== undefined || hasTestBuild(machine)) return undefined;
  const how = {
    darwin: `In VS Code, run "Shell Command: Install 'code' command in PATH" from the Command Palette`,
    win32: 'Install VS Code with "Add to PATH" ticked, and open a new terminal',
  };
  const put = how[machine.platform] ?? 'Install VS Code, or add the folder with its command to the PATH';
  return `VS Code's command "code" is not on the PATH. ${put}; or add --no-editor to read in the terminal alone.`;
}
