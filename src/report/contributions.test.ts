import { describe, expect, it } from 'vitest';
import type { Contribution } from '../desired/contribution.ts';
import { filterView, getDocument, getText } from './contributions.ts';
import { plainPalette } from './palette.ts';

const address = (last: number): { readonly ip: string } => ({ ip: `10.244.1.${last}` });

const web: Contribution = {
  cell: 'east:Service/default/web#http',
  origin: 'east:Service/default/web',
  since: '2026-01-01T00:00:00Z',
  objects: [
    {
      kind: 'pool',
      path: '/kubernetes/default_web_http',
      description: 'not shown',
      members: [1, 2, 3, 4].map((last) => ({ address: address(last), port: 80 })),
    },
  ],
  diagnostics: [],
};

const broken: Contribution = {
  cell: 'east:Service/default/broken',
  origin: 'east:Service/default/broken',
  since: '',
  objects: [],
  frozen: true,
  diagnostics: [
    { code: 'annotation-invalid', severity: 'error', summary: 'token=hunter2', origin: 'east:Service/default/broken' },
  ],
};

const node: Contribution = {
  ...web,
  cell: 'a',
  objects: [{ kind: 'virtual-address', path: '/kubernetes/10.1.1.1', address: address(1) }],
};

const view = { contributions: [web, node, broken], diagnostics: [], complete: true };

describe('what sources say', () => {
  it('as text is a table with the origin of each object, then problems', () => {
    expect(getText(view, plainPalette)).toBe(
      `KIND             PATH                          ORIGIN                      FIELDS
virtual address  /kubernetes/10.1.1.1          Service default/web (east)  address 10.244.1.1
pool             /kubernetes/default_web_http  Service default/web (east)  members 10.244.1.1:80 10.244.1.2:80 10.244.1.3:80 (+1)

frozen: Service default/broken (east): what the device has of it stays as it is
error   Service default/broken (east): token=[redacted] [annotation-invalid]
`,
    );
    expect(getText({ ...view, contributions: [] }, plainPalette)).toBe('No objects.\n');
  });

  it('as JSON keeps the origin and the problems of each contribution', () => {
    const document = getDocument(view);
    expect(document).toMatchObject({
      format: 'fairlead.get/v1',
      complete: true,
      contributions: [
        { origin: 'east:Service/default/broken', frozen: true, objects: [] },
        { cell: 'a' },
        { frozen: false },
      ],
    });
    expect(JSON.stringify(document)).not.toContain('hunter2');
  });

  it('is filtered by kind, by name, or by both', () => {
    const kinds = ['pool', 'virtual-address', 'virtual'];
    const paths = (words: readonly string[]): readonly string[] =>
      filterView(view, words, kinds).contributions.flatMap(({ objects }) => objects.map(({ path }) => path));
    expect(paths(['pool'])).toEqual(['/kubernetes/default_web_http']);
    expect(paths(['pool', 'virtual-address'])).toHaveLength(2);
    expect(paths(['10.1.1'])).toEqual(['/kubernetes/10.1.1.1']);
    expect(paths(['pool', '10.1.1'])).toEqual([]);
    expect(paths(['Service/default/web'])).toHaveLength(2);
    expect(paths([])).toHaveLength(2);
  });

  it('keeps an origin without objects when it is asked for by name', () => {
    expect(filterView(view, ['broken'], ['pool']).contributions).toHaveLength(1);
    expect(filterView(view, ['pool'], ['pool']).contributions).toHaveLength(1);
  });
});
