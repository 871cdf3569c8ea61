import { describe, expect, it } from 'vitest';
import type { PoolMember } from '../../ir/pool.ts';
import type { More } from './testing/bed.ts';
import { read } from './testing/bed.ts';

/** The members of each pool, and what is told. */
async function poolsOf(text: string, more: More = {}) {
  const { contributions, complete, diagnostics } = await read('a.yaml', text, { mapping: {}, ...more });
  const pools = contributions.flatMap(({ objects }) => objects.flatMap((one) => (one.kind === 'pool' ? [one] : [])));
  const told = [...diagnostics, ...contributions.flatMap((one) => one.diagnostics)];
  const print = ({ address: { ip }, port }: PoolMember): string => `${ip}:${port}`;
  return {
    complete,
    pools: pools.map(({ path, members = [] }) => [path, ...members.map(print)].join(' ')),
    told: told.map(({ summary }) => summary.replace(/\/\S+\//, '')),
  };
}

/** Nine lists of nine of the one before: 9^9 words. */
const BOMB = Array.from({ length: 9 }, (_, index) => {
  const item = index === 0 ? 'x' : `*a${index - 1}`;
  return `a${index}: &a${index} [${Array.from({ length: 9 }, () => item).join(', ')}]`;
}).join('\n');

describe('tables of YAML and JSON', () => {
  it('names and numbers are the text that stands there', async () => {
    const names = ['no', '0123', '1.10', '12345678901234567890', '2024-01-01', 'true'];
    const rows = (member: string): string =>
      names.map((name) => `- { service: ${name}, member: ${member} }\n`).join('');
    const expected = names.map((name) => `/k/${name} 10.0.0.1:80`);
    expect(await poolsOf(rows('10.0.0.1:80'))).toEqual({ complete: true, pools: expected, told: [] });
    expect((await poolsOf(`%YAML 1.1\n---\n${rows('10.0.0.1:80')}`)).pools).toEqual(expected);
    expect((await poolsOf('[{ service: a, member: 10.0.0.1, member_port: 080.0 }]')).pools).toEqual([
      '/k/a 10.0.0.1:80',
    ]);
  });

  it('anchors, aliases and merged maps are followed', async () => {
    const text = '- &a { service: a, member: 10.0.0.1:80 }\n- *a\n- { <<: *a, member: 10.0.0.2:80 }\n';
    expect(await poolsOf(text)).toEqual({ complete: true, pools: ['/k/a 10.0.0.1:80 10.0.0.2:80'], told: [] });
  });

  it.each([
    ['an alias that leads nowhere', 'member: *b'],
    ['aliases that unfold to a gigabyte', 'member: *a8'],
  ])('%s makes a bad row, and no other', async (_, broken) => {
    const text = `${BOMB}\nrows:\n- { service: a, ${broken} }\n- { service: b, member: 10.0.0.1:80 }\n`;
    const { pools, told, complete } = await poolsOf(text);
    expect([complete, pools]).toEqual([false, ['/k/b 10.0.0.1:80']]);
    expect(told).toEqual([
      expect.stringMatching(/a\.yaml, row 11: has an alias without an anchor, or too many aliases/),
    ]);
  });

  it('what is deeper is found by its path, and matters only where a field is read from it', async () => {
    const row = '{ service: a, spec: { ip: 10.0.0.1:80 }, tags: [{ x: 1 }] }';
    expect(await poolsOf(`[${row}]`, { mapping: { member: { column: 'spec.ip' } } })).toMatchObject({
      pools: ['/k/a 10.0.0.1:80'],
      told: [],
    });
    expect((await poolsOf(`[${row}]`, { mapping: { member: { column: 'tags' } } })).told).toEqual([
      'sheet: a.yaml, row 1, column tags: member: a map or a list of them, expected a value or a list of values',
    ]);
  });

  it('rows that share a line are told by their number', async () => {
    const { told } = await poolsOf('[{"service":"a","member":"10.0.0.1:80"},{"service":"b","member":"x"}]');
    expect(told).toEqual([expect.stringMatching(/a\.yaml, row number 2, column member: member is "x"/)]);
  });

  it.each([
    ['a name twice', '- { service: a, service: b }\n', /row 1: is no valid YAML or JSON: a map has a name twice/],
    [
      'several documents',
      '- { service: a }\n---\n- { service: b }\n',
      /there are several documents \(---\), expected one/,
    ],
    ['a map of services', 'a: { member: 10.0.0.1:80 }\n', /holds no list of rows, expected a list of maps/],
    ['nothing but comments', '# soon\n', /has no rows, expected at least one \(or allowEmpty\)/],
  ])('%s is refused', async (_, text, expected) => {
    expect(await poolsOf(text)).toMatchObject({ complete: false, pools: [], told: [expect.stringMatching(expected)] });
  });
});
