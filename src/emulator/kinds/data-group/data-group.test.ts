import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTest, type TestReply } from '../../test-kit.ts';

function words({ status, body }: TestReply): string {
  return `${status} ${body?.message ?? ''}`;
}

describe('internal data-groups', () => {
  it('keep networks in their normal form, sorted by number, with their data', async () => {
    const client = await startTest();
    const records = ['195.93.16.0/20', { name: '64.12.96.7', data: 'x' }, { name: '10.0.0.1%1' }, '2001:DB8::1'];
    const { body } = await client.post('ltm/data-group/internal', { name: 'g', type: 'ip', records });
    expect(body).toMatchObject({ kind: 'tm:ltm:data-group:internal:internalstate', type: 'ip' });
    expect(body.records).toEqual([
      { name: '2001:db8::1/128', data: '' },
      { name: '10.0.0.1%1/32', data: '' },
      { name: '64.12.96.7/32', data: 'x' },
      { name: '195.93.16.0/20', data: '' },
    ]);
  });

  it('sort texts and numbers, and print data with the backslashes of tmsh', async () => {
    const client = await startTest();
    const texts = {
      name: 's',
      type: 'string',
      records: [{ name: '/b', data: String.raw`a\b "c" {d}?` }, { name: '/a' }],
    };
    expect((await client.post('ltm/data-group/internal', texts)).body.records).toEqual([
      { name: '/a', data: '' },
      { name: '/b', data: String.raw`a\\b \"c\" \{d\}\?` },
    ]);
    const numbers = { name: 'i', type: 'integer', records: ['100', '9', '20'] };
    const { body } = await client.post('ltm/data-group/internal', numbers);
    expect(body.records.map((each: { name: string }) => each.name)).toEqual(['9', '20', '100']);
    await client.patch('ltm/data-group/internal/~Common~i', { records: [] });
    expect((await client.get('ltm/data-group/internal/~Common~i')).body).not.toHaveProperty('records');
  });

  it.each([
    [{ name: 'g' }, '400 "type" must be specified'],
    [{ name: 'g', type: 'ip', records: ['x'] }, '400 invalid property value "records":"x"'],
    [{ name: 'g', type: 'integer', records: ['x'] }, '400 invalid property value "records":"x"'],
    [{ name: 'g', type: 'string', records: [{}] }, '400 one or more configuration identifiers must be provided'],
    [
      { name: 'g', type: 'string', records: ['a', 'a'] },
      '409 01020066:3: The requested value list item (a) already exists.',
    ],
    [
      { name: 'g', type: 'string', records: [{ name: 'a', data: 'x'.repeat(65_529) }] },
      '400 01070712:3: Max string size exceeded during update of attribute:data type:class_value_item max:65520 received:65529',
    ],
    [
      { name: 'aol', type: 'string' },
      '409 01020066:3: The requested value list (/Common/aol) already exists in partition Common.',
    ],
  ])('refuse %j', async (body, text) => {
    const client = await startTest();
    expect(words(await client.post('ltm/data-group/internal', body))).toBe(text);
  });

  it('keep their type, and a name is not both internal and external', async () => {
    const client = await startTest();
    expect(words(await client.patch('ltm/data-group/internal/~Common~images', { type: 'ip' }))).toMatch(
      /^400 "type" may not be specified in the context of the "modify" command/v,
    );
    expect(words(await client.post('ltm/data-group/external', { name: 'images', type: 'string' }))).toBe(
      '409 01020066:3: The requested value list (/Common/images) already exists in partition Common.',
    );
  });

  it('are in use while a policy looks into them', async () => {
    const client = await startTest();
    const condition = { name: '0', httpUri: true, path: true, datagroup: '/Common/images' };
    await client.post('ltm/policy', { name: 'p', subPath: 'Drafts', rules: [{ name: 'r', conditions: [condition] }] });
    expect(words(await client.delete('ltm/data-group/internal/~Common~images'))).toMatch(/^400 01070265/v);
  });

  const recording = path.resolve(
    '../shared/reference/device-recordings/f5-ansible/load_ltm_data_group_internal_ip.json',
  );
  it.runIf(existsSync(recording))('are printed as a device printed them, in the same order', async () => {
    const expected = JSON.parse(readFileSync(recording, 'utf8'));
    const client = await startTest({ tmos: '13.1' });
    const { text } = await client.get('ltm/data-group/internal/~Common~aol');
    expect(text.replace(/ver=[\d.]+/v, 'ver=13.1.0')).toBe(JSON.stringify(expected));
  });
});
