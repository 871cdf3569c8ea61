import { expect } from 'vitest';
import type { Client } from '../test-kit.ts';

/** The collection of services. */
export const services = 'sys/application/service';

/** The URI of a service in `/Common`. */
export function uriOf(name: string): string {
  return `${services}/~Common~${name}.app~${name}`;
}

/** Answers as variables. */
export function variables(given: Readonly<Record<string, string>>): readonly unknown[] {
  return Object.entries(given).map(([name, value]) => ({ name, value }));
}

/** A table of pool members. */
export function members(...rows: readonly (readonly [addr: string, port: string])[]): unknown {
  const columnNames = ['addr', 'port', 'connection_limit'];
  return { name: 'pool__members', columnNames, rows: rows.map((row) => ({ row: [...row, '0'] })) };
}

/** A template with an implementation of its own. */
export async function template(client: Client, implementation: string, more: object = {}): Promise<void> {
  const actions = [{ name: 'definition', implementation, presentation: 'section pool { string addr }', ...more }];
  expect(await client.post('sys/application/template', { name: 't', actions })).toMatchObject({ status: 200 });
}

/** Deploys template `t` as service `web`. */
export async function deploy(
  client: Client,
  body: object = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const { status, body: answer } = await client.post(services, { name: 'web', template: '/Common/t', ...body });
  return { status, body: answer };
}

/** Full paths of the objects of a collection that belong to a service. */
export async function owned(client: Client, collection: string): Promise<readonly string[]> {
  const { body } = await client.get(collection);
  const items = (body.items ?? []) as readonly { readonly appService?: string; readonly fullPath: string }[];
  return items.filter(({ appService = 'none' }) => appService !== 'none').map(({ fullPath }) => fullPath);
}

/** What a command of tmsh prints. */
export async function tmsh(client: Client, command: string): Promise<string> {
  const { body } = await client.post('util/bash', { command: 'run', utilCmdArgs: `-c "tmsh ${command}"` });
  return body.commandResult ?? '';
}

/** Puts a file where `load` finds it. */
export async function upload(client: Client, name: string, text: string): Promise<void> {
  const { status } = await client.send('POST', `/mgmt/shared/file-transfer/uploads/${name}`, text, {
    'Content-Type': 'application/octet-stream',
    'Content-Range': `0-${text.length - 1}/${text.length}`,
  });
  expect(status).toBe(200);
}
