/** What VS Code draws as an icon in list items and in the status bar, unless a backslash is before it. */
const ICON = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g;

/** Text of documents and users for such places. */
export function withoutIcons(text: string): string {
  return text.replace(ICON, '\\$&');
}
