import { describe, expect, it } from 'vitest';
import { startTest, type Client } from '../test-kit.ts';

async function runTask(client: Client, name: string): Promise<string> {
  const { _taskId: id } = (await client.post('task/cli/script', { command: 'run', name })).body;
  expect((await client.put(`task/cli/script/${id}`, { _taskState: 'VALIDATING' })).status).toBe(202);
  return (await client.get(`task/cli/script/${id}`)).body._taskState;
}

async function merge(client: Client, text: string): Promise<number> {
  await client.send('POST', '/mgmt/shared/file-transfer/uploads/s.cli', text, {
    'Content-Type': 'application/octet-stream',
    'Content-Range': `0-${text.length - 1}/${text.length}`,
  });
  const options = [{ file: '/var/config/rest/downloads/s.cli', merge: true }];
  return (await client.post('sys/config', { command: 'load', options })).status;
}

/** A script as clients of the device send it: one transaction, its error kept in a data-group (fact sheet 10.3). */
function update(commands: string): string {
  return `cli script __update {
proc script::run {} {
if {[catch {
tmsh::modify ltm data-group internal __update records none
} err]} { tmsh::create ltm data-group internal __update type string records none }
if { [catch {
tmsh::begin_transaction
${commands}
tmsh::commit_transaction
} err] } {
catch { tmsh::cancel_transaction } e
regsub -all {"} $err {\\"} err
tmsh::modify ltm data-group internal __update records add { error { data "$err" } }
}}
}
`;
}

describe('cli script', () => {
  it('is created, listed and run by REST', async () => {
    const client = await startTest();
    const apiAnonymous =
      'proc script::run {} {\n  puts "argc $tmsh::argc"\n  foreach p [tmsh::get_config ltm pool] { puts "[tmsh::get_name $p] [tmsh::get_field_value $p load-balancing-mode]" }\n}';
    expect((await client.post('cli/script', { name: 's', apiAnonymous })).status).toBe(200);
    await client.post('ltm/pool', { name: 'p', loadBalancingMode: 'ratio-member' });
    const { status, body } = await client.post('cli/script', { command: 'run', name: '/Common/s' });
    expect([status, body.commandResult]).toEqual([200, 'argc 1\np ratio-member\n']);
    expect((await client.get('cli/script/s')).body).toMatchObject({ kind: 'tm:cli:script:scriptstate', apiAnonymous });
    expect((await client.post('cli/script', { command: 'run', name: 'nope' })).status).toBe(404);
    expect((await client.delete('cli/script/s')).status).toBe(200);
  });

  it('carries out a transaction that came as a merged file, by a task', async () => {
    const client = await startTest();
    await client.post('auth/partition', { name: 'T1' });
    const commands =
      'tmsh::create ltm pool /T1/p members replace-all-with { /T1/10.0.0.1:80 { address 10.0.0.1 } } description "two words"\ntmsh::create ltm pool /T1/q members add \\{ 10.0.0.2:80 \\}';
    expect(await merge(client, update(commands))).toBe(200);
    expect(await runTask(client, '__update')).toBe('COMPLETED');
    const { body } = await client.get('ltm/pool/~T1~p?expandSubcollections=true');
    expect(body.description).toBe('two words');
    expect(body.membersReference.items[0].fullPath).toBe('/T1/10.0.0.1:80');
    expect((await client.get('ltm/pool/~T1~q/members')).body.items).toHaveLength(1);
    expect((await client.get('ltm/data-group/internal/__update')).body.records).toBeUndefined();
  });

  it('leaves nothing of a transaction that is refused, and can tell why', async () => {
    const client = await startTest();
    await merge(client, update('tmsh::create ltm pool a\ntmsh::create ltm pool b monitor /Common/nope'));
    expect(await runTask(client, '__update')).toBe('COMPLETED');
    expect((await client.get('ltm/pool/a')).status).toBe(404);
    const [record] = (await client.get('ltm/data-group/internal/__update')).body.records;
    expect(record).toEqual({ name: 'error', data: '01020036:3: The requested monitor (/Common/nope) was not found.' });
  });

  it('fails the task when nobody catches its error, and takes values for what they are', async () => {
    const client = await startTest();
    const odd = 'a; delete ltm pool all "q" [exec x] $nope';
    await client.post('ltm/pool', { name: 'kept' });
    await client.post('cli/script', {
      name: 'odd',
      apiAnonymous: `proc script::run {} { set v {${odd}}; tmsh::create ltm pool p description $v }`,
    });
    await runTask(client, 'odd');
    expect((await client.get('ltm/pool/kept')).status).toBe(200);
    expect((await client.get('ltm/pool/p')).body.description).toBe(odd);
    await client.post('cli/script', {
      name: 'bad',
      apiAnonymous: 'proc script::run {} { tmsh::delete ltm pool nope }',
    });
    expect(await runTask(client, 'bad')).toBe('FAILED');
  });
});
