/** Views are drawn again only when they would show something else: a keystroke alters few of them, and each drawing is a message to the editor. */

/** Whether a view would show the same; `shown` is what it is drawn from, in the same order each time. */
export function isSame(shown: readonly unknown[], now: readonly unknown[]): boolean {
  return shown.length === now.length && now.every((value, i) => value === shown[i]);
}
