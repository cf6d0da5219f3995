/** Holds package.json against the code: commands, views, colours, settings, context keys, translations and files. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sourceModule } from './lib/bundling.mjs';
import { filesBelow } from './lib/files.mjs';
import { ROOT } from './lib/root.mjs';

const problems = [];
const read = (file) => readFileSync(path.join(ROOT, file), 'utf8');
const manifest = JSON.parse(read('package.json'));
const nls = JSON.parse(read('package.nls.json'));
const { contributes } = manifest;

const ids = await sourceModule('src/ui/ids.ts');

/** Reports what one side has and the other lacks. */
function same(what, inManifest, inCode) {
  for (const name of inManifest)
    if (!inCode.includes(name)) problems.push(`${what} ${name} is contributed, but unknown to the code`);
  for (const name of inCode)
    if (!inManifest.includes(name)) problems.push(`${what} ${name} is used, but not contributed`);
}

const commands = contributes.commands.map((c) => c.command);
same('command', commands, Object.values(ids.COMMANDS));
same(
  'view',
  Object.values(contributes.views).flatMap((views) => views.map((v) => v.id)),
  Object.values(ids.VIEWS),
);
same(
  'view container',
  contributes.viewsContainers.activitybar.map((c) => c.id),
  Object.values(ids.VIEW_CONTAINERS),
);
const { heat, ...others } = ids.COLOURS;
same(
  'colour',
  contributes.colors.map((c) => c.id),
  [...heat, ...Object.values(others)],
);
same('setting', Object.keys(contributes.configuration.properties), Object.values(ids.SETTINGS));

for (const { id, defaults } of contributes.colors)
  for (const theme of ['light', 'dark', 'highContrast', 'highContrastLight'])
    if (!/^#([0-9a-f]{6}|[0-9a-f]{8})$/.test(defaults[theme] ?? ''))
      problems.push(`colour ${id} has no valid default for ${theme}`);
for (const [id, setting] of Object.entries(contributes.configuration.properties))
  if (setting.default === undefined || !setting.markdownDescription)
    problems.push(`setting ${id} lacks a default or a description`);
for (const [key, values] of Object.entries(ids.SETTING_VALUES)) {
  const setting = contributes.configuration.properties[ids.SETTINGS[key]] ?? {};
  for (const what of ['default', 'minimum', 'maximum', 'enum']) {
    const [contributed, known] = [setting[what], values[what]].map((value) => JSON.stringify(value));
    if (contributed !== known)
      problems.push(`setting ${ids.SETTINGS[key]} has the ${what} ${contributed}; the code has ${known}`);
  }
}

const submenus = contributes.submenus.map((s) => s.id);
for (const [place, items] of Object.entries(contributes.menus))
  for (const { command, submenu } of items)
    if (submenu ? !submenus.includes(submenu) : !commands.includes(command))
      problems.push(`menu ${place} names the unknown ${submenu ? `menu ${submenu}` : `command ${command}`}`);
for (const { command } of contributes.keybindings)
  if (!commands.includes(command)) problems.push(`a key is bound to the unknown command ${command}`);

const unread = `!(resourceScheme =~ /^(${ids.UNREAD_SCHEMES.join('|')})$/)`;
for (const { when } of contributes.menus['editor/context'])
  if (!when.endsWith(` && ${unread}`))
    problems.push(`the condition of menu editor/context must end in "${unread}", as the code has it`);

const ON_COMMAND = 'onCommand:';
const events = contributes.walkthroughs.flatMap((w) => w.steps.flatMap((step) => step.completionEvents));
for (const event of events.filter((e) => e.startsWith(ON_COMMAND)))
  if (!commands.includes(event.slice(ON_COMMAND.length)))
    problems.push(`a step of the walkthrough waits for the unknown command in "${event}"`);

const known = [...Object.values(ids.CONTEXT_KEYS), ...Object.values(ids.VIEWS)];
const conditions = [
  ...contributes.commands.map((c) => c.enablement),
  ...Object.values(contributes.menus).flatMap((items) => items.map((i) => i.when)),
  ...contributes.keybindings.map((k) => k.when),
  ...contributes.viewsWelcome.map((w) => w.when),
  ...Object.values(contributes.views).flatMap((views) => views.map((v) => v.when)),
  ...events.filter((e) => !e.startsWith(ON_COMMAND)),
].filter(Boolean);
for (const condition of conditions)
  for (const [key] of condition.matchAll(/strata\.\w+/g))
    if (!known.includes(key)) problems.push(`condition "${condition}" uses the unknown key ${key}`);

const used = new Set([...read('package.json').matchAll(/"%([\w.]+)%"/g)].map((m) => m[1]));
for (const key of used) if (!(key in nls)) problems.push(`package.nls.json lacks ${key}`);
for (const key of Object.keys(nls)) if (!used.has(key)) problems.push(`package.nls.json has the unused ${key}`);
for (const text of Object.values(nls))
  for (const [, command] of text.matchAll(/command:(strata\.\w+)/g))
    if (!commands.includes(command)) problems.push(`a text links to the unknown command ${command}`);

for (const icon of [manifest.icon, ...contributes.viewsContainers.activitybar.map((c) => c.icon)])
  if (!existsSync(path.join(ROOT, icon))) problems.push(`${icon} does not exist`);

// Only the interface may know the editor; the linter says so too, but a file that it does not see would slip through.
for (const file of filesBelow(path.join(ROOT, 'src')).filter((name) => name.endsWith('.ts'))) {
  if (file.startsWith('ui/') || file === 'extension.ts') continue;
  if (/from 'vscode'/.test(read(`src/${file}`))) problems.push(`src/${file} imports vscode`);
}

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(
  `manifest: ${commands.length} commands, ${contributes.colors.length} colours and ${Object.keys(nls).length} texts agree with the code`,
);
