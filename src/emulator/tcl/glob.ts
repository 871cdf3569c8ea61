/** A pattern as `string match` reads it. */
export function globPattern(glob: string, flags = 'sv'): RegExp {
  let source = '';
  for (let at = 0; at < glob.length; at += 1) {
    const letter = glob[at] ?? '';
    const set = /^\[[^\]]*\]/v.exec(glob.slice(at))?.[0];
    if (letter === '*' || letter === '?') {
      source += letter === '*' ? '.*' : '.';
    } else if (set !== undefined) {
      source += `[${set.slice(1, -1).replaceAll(/[\[\]\\\(\)\{\}\/\|~]/gv, String.raw`\$&`)}]`;
      at += set.length - 1;
    } else {
      at += letter === '\\' ? 1 : 0;
      source += (letter === '\\' ? (glob[at] ?? '') : letter).replaceAll(
        /[.*+?^$\{\}\(\)\|\[\]\\\/]/gv,
        String.raw`\$&`,
      );
    }
  }
  return new RegExp(`^${source}$`, flags);
}
