import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTest, type Client } from '../../test-kit.ts';

const folder = path.resolve('..', 'shared', 'reference', 'device-recordings');
const present = existsSync(folder);
if (!present) {
  process.stdout.write(`recordings of policies: skipped, ${folder} is not there\n`);
}

// oxlint-disable-next-line typescript/no-explicit-any -- bodies of every shape
type Json = any;

function recorded(file: string): Json {
  return JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
}

/** Versions and generations are those of the recorded box. */
function comparable(body: Json): Json {
  return JSON.parse(
    JSON.stringify(body)
      .replaceAll(/(?:expandSubcollections=true&)?ver=[\d.]+/gv, 'ver=V')
      .replaceAll(/"generation":\d+/gv, '"generation":1'),
  );
}

/** A recorded rule as a client would send it: the items of sub-collections inline. */
function sendable(rule: Json): Json {
  const { actionsReference, conditionsReference, ...rest } = rule;
  return { ...rest, actions: actionsReference?.items ?? [], conditions: conditionsReference?.items ?? [] };
}

async function boxWith(tmos: string, partition: string, pools: readonly string[]): Promise<Client> {
  const client = await startTest({ tmos });
  await client.post('auth/partition', { name: partition });
  for (const name of pools) {
    expect((await client.post('ltm/pool', { name, partition })).status).toBe(200);
  }
  expect((await client.post('net/vlan', { name: 'net1', partition: 'Common' })).status).toBe(200);
  return client;
}

describe.runIf(present)('rules of policies as a device printed them', () => {
  it.each([
    'load_ltm_policy_draft_rule_http-uri_forward.json',
    'load_ltm_policy_rule_http-uri_forward.json',
    'load_ltm_policy_rule_many_actions_many_conditions.json',
    'load_ltm_policy_rule_no_actions_one_condition.json',
    'load_ltm_policy_rule_one_action_no_conditions.json',
  ])('%s is printed alike, key for key and in the same order', async (file) => {
    const rule = recorded(`f5-ansible/${file}`);
    const client = await boxWith('13.1', 'Common', ['servers', 'more-servers']);
    const fullPath = /policy\/([^\/]+)/v.exec(String(rule.selfLink))?.[1]?.replaceAll('~', '/') ?? '';
    const name = fullPath.slice(fullPath.lastIndexOf('/') + 1);
    const draft = { name, subPath: 'Drafts', rules: [sendable(rule)] };
    expect((await client.post('ltm/policy', draft)).body.message).toBeUndefined();
    if (!fullPath.includes('Drafts')) {
      await client.post('ltm/policy', { command: 'publish', name: `/Common/Drafts/${name}` });
    }
    const uri = `ltm/policy/${fullPath.replaceAll('/', '~')}/rules/${rule.name}?expandSubcollections=true`;
    const printed = comparable((await client.get(uri)).body);
    expect(printed).toEqual(comparable(rule));
    expect(JSON.stringify(printed)).toBe(JSON.stringify(comparable(rule)));
  });
});

describe.runIf(present)('statistics of policies as a device printed them', () => {
  it('are printed alike, but for the counters', async () => {
    const client = await startTest({ tmos: '14.1' });
    const name = 'asm_auto_l7_policy__test_vs';
    const action = { name: '0', asm: true, enable: true, policy: '/Common/waf' };
    await client.post('ltm/policy', { name, subPath: 'Drafts', rules: [{ name: 'default', actions: [action] }] });
    await client.post('ltm/policy', { command: 'publish', name: `/Common/Drafts/${name}` });
    const counters = (body: Json): Json =>
      JSON.parse(JSON.stringify(body).replaceAll(/"(invoked|succeeded)":\{"value":\d+\}/gv, '"$1":{"value":0}'));
    const key = `https://localhost/mgmt/tm/ltm/policy/~Common~${name}/stats`;
    const expected = counters(recorded('f5-telemetry-streaming/mgmt_tm_ltm_policy_stats.json'));
    const { body } = await client.get('ltm/policy/stats');
    expect(comparable(body.entries[key])).toEqual(comparable(expected.entries[key]));
  });
});

describe.runIf(present)('policies as a device printed them', () => {
  /**
   * Differences: the recording made by a client library leaves out names of rules with their partition in one place and has
   * them in another (12.1.0 and 12.1.1); its twin of pool3 points at pool2, a slip of hand; keys were sorted.
   */
  it('a legacy policy of 12.1 is printed alike, but for lastModified and the full path of rules', async () => {
    const { policies } = recorded('f5-cccl/f5_cccl/test/bigip_data.json');
    const [policy] = policies;
    const client = await boxWith('12.1', 'test', ['pool2', 'pool3']);
    const { name, partition, strategy, controls, requires, rulesReference } = policy;
    const rules = rulesReference.items.map(sendable);
    const body = { name, partition, strategy, controls, requires, legacy: true, rules };
    expect((await client.post('ltm/policy', body)).body.message).toBeUndefined();
    const printed = comparable((await client.get('ltm/policy/~test~wrapper_policy?expandSubcollections=true')).body);
    const expected = comparable(policy);
    expect(printed.lastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/v);
    expected.lastModified = printed.lastModified;
    expected.rulesReference.items[1].actionsReference.items[0].poolReference.link =
      'https://localhost/mgmt/tm/ltm/pool/~test~pool3?ver=V';
    for (const rule of expected.rulesReference.items) {
      delete rule.partition;
      rule.fullPath = rule.name;
      rule.actionsReference.isSubcollection = true;
      rule.conditionsReference ??= {
        link: rule.actionsReference.link.replace('actions', 'conditions'),
        isSubcollection: true,
      };
    }
    expect(printed).toEqual(expected);
  });
});
