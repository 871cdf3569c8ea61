import { describe, expect, it } from 'vitest';
import type { Contribution } from '../desired/contribution.ts';
import { DesiredState } from '../desired/desired-state.ts';
import { mergedObjects } from '../desired/provenance.ts';
import { type GetView, filterView, getDocument, getText } from './contributions.ts';
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

function viewOf(
  contributions: readonly Contribution[],
  placeOf: Parameters<typeof mergedObjects>[1] = () => undefined,
): GetView {
  const desired = new DesiredState();
  for (const contribution of contributions) desired.update(contribution);
  return { contributions, objects: mergedObjects(desired, placeOf), diagnostics: [], complete: true };
}

const view = viewOf([web, node, broken]);

describe('what sources say', () => {
  it('as text is a table with the origin of each object, then problems', () => {
    expect(getText(view, { palette: plainPalette })).toBe(
      `KIND             PATH                          ORIGIN                      FIELDS
virtual address  /kubernetes/10.1.1.1          Service default/web (east)  address 10.244.1.1
pool             /kubernetes/default_web_http  Service default/web (east)  members 10.244.1.1:80 10.244.1.2:80 10.244.1.3:80 (+1)

frozen: Service default/broken (east): what the device has of it stays as it is
error   Service default/broken (east): token=[redacted] [annotation-invalid]
`,
    );
    expect(getText(viewOf([]), { palette: plainPalette })).toBe('No objects.\n');
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

describe('who says what', () => {
  const giver = (name: string, more: Partial<Contribution>, pool: object): Contribution => ({
    cell: `${name}:Service/shop/web`,
    origin: `${name}:Service/shop/web`,
    since: '2026-01-01T00:00:00Z',
    joins: ['pool:/k/shop'],
    diagnostics: [],
    objects: [{ kind: 'pool', path: '/k/shop', ...pool }],
    ...more,
  });
  const monitor = (path: string): object => ({ monitor: { monitors: [path] } });
  const members = [{ address: address(1), port: 80 }];
  const several = viewOf(
    [
      giver('west', {}, { ...monitor('/Common/http'), members: [{ ...members[0], ratio: 2 }] }),
      giver(
        'east',
        { rank: 1, yields: ['loadBalancingMode'] },
        { ...monitor('/Common/tcp'), members, loadBalancingMode: 'ratio-member' },
      ),
    ],
    (origin, _, { field }) => (field === 'monitor' && origin.startsWith('east') ? 'annotation x/monitor' : undefined),
  );

  it('AC-03 is shown field by field, with the place, and with who lost and why', () => {
    const text = getText(several, { palette: plainPalette, provenance: true });
    expect(text.split('\n\n')[0]).toBe(`pool /k/shop
  loadBalancingMode  ratio-member               Service shop/web (east)
  monitor            /Common/tcp                Service shop/web (east): annotation x/monitor
                     not /Common/http           Service shop/web (west), which has precedence 0 under 1
  members            10.244.1.1:80              Service shop/web (east)
                     not 10.244.1.1:80 ratio 2  Service shop/web (west), which has precedence 0 under 1`);
  });

  it('AC-03 stands in the document, for every object', () => {
    expect(getDocument(several)).toMatchObject({
      objects: [
        {
          ref: 'pool:/k/shop',
          origins: ['east:Service/shop/web', 'west:Service/shop/web'],
          provenance: [
            { field: 'loadBalancingMode', origin: 'east:Service/shop/web' },
            {
              field: 'monitor',
              place: 'annotation x/monitor',
              losers: [{ origin: 'west:Service/shop/web', value: { monitors: ['/Common/http'] } }],
            },
            { field: 'members', item: '10.244.1.1:80', losers: [{ value: { ratio: 2 } }] },
          ],
          conflicts: [{}, {}, {}, {}],
        },
      ],
      contributions: [{ precedence: 1 }, { precedence: 0 }],
    });
  });

  it('of an object that one origin has alone is that origin, item by item', () => {
    expect(
      view.objects.find(({ ref }) => ref.startsWith('pool:'))?.provenance.map(({ field, item }) => [field, item]),
    ).toEqual([['description', undefined], ...[1, 2, 3, 4].map((last) => ['members', `10.244.1.${last}:80`])]);
  });
});
