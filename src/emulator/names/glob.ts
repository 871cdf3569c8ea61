/** What a pattern with `*` and `?` means. */
export function globPattern(glob: string): RegExp {
  const source = glob
    .replaceAll(/[.+^$\{\}\(\)\|\[\]\\\/]/gv, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'v');
}
