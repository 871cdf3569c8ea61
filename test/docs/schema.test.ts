import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Schema } from '../support/json-schema.ts';
import { checker } from '../support/json-schema.ts';

const ROOT = join(import.meta.dirname, '../..');
const faults = checker(JSON.parse(await readFile(join(ROOT, 'schema/fairlead.schema.json'), 'utf8')) as Schema);

const pages = await Promise.all(
  ['README.md', 'docs/configuration.md'].map((page) => readFile(join(ROOT, page), 'utf8')),
);
const examples = pages.flatMap((page) => [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? ''));

describe('the published JSON Schema', () => {
  it.each(examples)('lets an example of the pages through: %#', (example) => {
    expect(faults(parse(example))).toEqual([]);
  });

  it.each([
    ['instance: lab', 'instance: East_1', '.instance'],
    ['instance: lab', 'instanse: lab', '.instance'],
    ['sources:', 'adressPools: []\nsources:', '.adressPools'],
    ['manifests: ./cluster', 'manifest: ./cluster', '.sources[0].kubernetes'],
    ['manifests: ./cluster', 'manifests: ./cluster, inCluster: true', '.sources[0].kubernetes'],
    ['members: cluster', 'members: pods', '.sources[0].members'],
    ['{ file: ./password }', 'hunter2', '.targets[0].bigip.password'],
    ['{ file: ./password }', '{ file: ./password, env: A }', '.targets[0].bigip.password'],
    ['username: admin', 'username: 5', '.targets[0].bigip.username'],
    ['username: admin', 'username: admin\n      partition: /Common', '.targets[0].bigip.partition'],
    ['username: admin', 'username: admin\n      batchSize: 0', '.targets[0].bigip.batchSize'],
    ['username: admin', 'username: admin\n      timeouts: { connect: 10 }', '.targets[0].bigip.timeouts.connect'],
    ['sources:', 'safety: { deletes: { share: 3 } }\nsources:', '.safety.deletes.share'],
    ['sources:', 'log: { level: loud }\nsources:', '.log.level'],
    ['sources:', 'addressPools: [{ name: a, ranges: [] }]\nsources:', '.addressPools[0].ranges'],
  ])('underlines a wrong value: %s -> %s', (good, bad, where) => {
    const lab = examples.find((example) => example.includes('instance: lab')) ?? '';
    expect(lab).toContain(good);
    expect(faults(parse(lab.replace(good, bad)))).toContain(where);
  });
});
