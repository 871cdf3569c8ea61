import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

function isThere(path: string): Promise<boolean> {
  return stat(join(ROOT, path)).then(
    () => true,
    () => false,
  );
}

const inDocs = (await readdir(join(ROOT, 'docs'), { recursive: true })).map((file) => `docs/${file}`);
const pages = ['README.md', 'CONTRIBUTING.md', ...inDocs.filter((file) => file.endsWith('.md'))];

describe.each(pages)('%s', (page) => {
  it('links to pages that are there', async () => {
    const links = [...(await read(page)).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? '');
    const dead = [];
    for (const link of links) if (!(await isThere(join(dirname(page), link)))) dead.push(link);
    expect(dead).toEqual([]);
  });

  it('names files that are there', async () => {
    const paths = [...(await read(page)).matchAll(/`((?:src|test|bench|schema|examples)\/[\w./-]+)`/g)];
    const missing = [];
    for (const [, path = ''] of paths) if (!(await isThere(path))) missing.push(path);
    expect(missing).toEqual([]);
  });

  it('names functions and types that stand in the files beside them', async () => {
    const named = [...(await read(page)).matchAll(/`(\w+)`\s+\(`((?:src|test)\/[\w./-]+\.ts)`\)/g)];
    const missing = [];
    for (const [, name = '', path = ''] of named) {
      const text = (await isThere(path)) ? await read(path) : '';
      if (!definition(name).test(text)) missing.push(`${name} (${path})`);
    }
    expect(missing).toEqual([]);
  });

  it('uses scripts of npm that are there', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };
    const used = [...(await read(page)).matchAll(/\bnpm run ([\w:]+)/g)].map((match) => match[1] ?? '');
    expect(used.filter((script) => !(script in scripts))).toEqual([]);
  });
});

/** Where a name is declared: function, class, type, constant or method. */
function definition(name: string): RegExp {
  return new RegExp(`(function\\*?|class|interface|type|const) ${name}\\b|^ {2}(async )?${name}\\(`, 'm');
}

it('the pages on the lifecycle and on adding parts name what they are about', async () => {
  for (const page of ['docs/lifecycle.md', 'docs/adding-a-source.md', 'docs/adding-a-target.md']) {
    const named = [...(await read(page)).matchAll(/`\w+`\s+\(`(?:src|test)\/[\w./-]+\.ts`\)/g)];
    expect(named.length).toBeGreaterThan(8);
  }
});
