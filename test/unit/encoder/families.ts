/** The children of each family, where families of these sizes follow each other. */
export function families<T>(children: readonly T[], sizes: Int32Array): T[][] {
  let at = 0;
  return Array.from(sizes, (size) => children.slice(at, (at += size)));
}
