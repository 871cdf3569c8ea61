import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, httpBackend, until } from '../dataplane/test-kit.ts';
import { createDataPlane } from '../dataplane/index.ts';
import { get } from '../irules/test-kit.ts';
import { startTest, type Client } from '../test-kit.ts';
import { members, services, uriOf, variables } from './iapp-kit.ts';

afterEach(cleanUp);

/** What the virtual server at a destination answers, on a connection of its own; undefined when it does not. */
async function ask(client: Client, destination: string): Promise<Awaited<ReturnType<typeof get>> | undefined> {
  await client.emulator.dataPlane?.settled();
  const listener = client.emulator.listeners().find((each) => each.destination === destination);
  return get(listener?.port ?? 0, '/').catch(() => undefined);
}

describe('a service of f5.http', () => {
  it('AC-53 serves, follows its table of members, and is gone when it is deleted', async () => {
    const client = await startTest({ dataPlane: () => createDataPlane({ timeScale: 0.01, map: 'always' }) });
    const [one, two] = await Promise.all(
      ['one', 'two'].map((name) =>
        httpBackend(name, (request, response) => {
          const { 'x-forwarded-for': from = '-', host = '-' } = request.headers;
          response.end(`${name} ${String(from)} ${host}`);
        }),
      ),
    );
    const answers = variables({
      pool__addr: '10.1.1.1',
      pool__xff: 'yes',
      monitor__monitor: '/#create_new#',
      monitor__response: 'one|two',
      pool__persist: '/#cookie#',
    });
    const port = (backend: typeof one): string => String(backend?.port);
    const body = { name: 'web', template: '/Common/f5.http', variables: answers };
    const made = await client.post(services, { ...body, tables: [members(['127.0.0.1', port(one)])] });
    expect(made.status).toBe(200);
    const first = await until('the member is up', () => ask(client, '10.1.1.1:80'));
    expect(first?.body).toBe('one 127.0.0.1 foo.bar.com');
    expect(first?.headers['set-cookie']?.[0]).toMatch(/^BIGipServer~?[^\x3d]*web_pool\x3d/v);
    const change = { 'execute-action': 'definition', tables: [members(['127.0.0.1', port(two)])] };
    expect((await client.patch(uriOf('web'), change)).status).toBe(200);
    await until('the other member serves', async () => (await ask(client, '10.1.1.1:80'))?.body.startsWith('two'));
    await client.delete(uriOf('web'));
    await client.emulator.dataPlane?.settled();
    expect(client.emulator.listeners()).toEqual([]);
  });

  it('redirects what comes without TLS', async () => {
    const client = await startTest({ dataPlane: () => createDataPlane({ map: 'always' }) });
    const answers = { pool__addr: '10.1.1.1', ssl__mode: 'client_ssl', pool__redirect_to_https: 'yes' };
    const made = await client.post(services, {
      name: 'web',
      template: '/Common/f5.http',
      variables: variables(answers),
    });
    expect(made.status).toBe(200);
    const answer = await ask(client, '10.1.1.1:80');
    expect([answer?.status, answer?.headers.location]).toEqual([302, 'https://foo.bar.com/']);
  });
});
