import { describe, expect, it } from 'vitest';
import { startTest } from '../test-kit.ts';

describe('SNATs', () => {
  it('need origins, print them with their prefix, and make the translation along', async () => {
    const client = await startTest();
    const without = await client.post('ltm/snat', { name: 's', automap: true });
    expect(without.body.message).toBe('one of the following must be specified:\nadd, delete, modify, replace-all-with');
    const origins = [{ name: '192.0.2.1' }, { name: '2001:db8::1' }, { name: '198.51.100.0/24' }];
    const made = await client.post('ltm/snat', { name: 's', origins, translation: '192.0.2.9' });
    expect(made.body).toMatchObject({
      origins: [{ name: '192.0.2.1/32' }, { name: '2001:db8::1/128' }, { name: '198.51.100.0/24' }],
      translation: '/Common/192.0.2.9',
      vlansDisabled: true,
    });
    expect((await client.get('ltm/snat-translation/~Common~192.0.2.9')).body.address).toBe('192.0.2.9');
    expect((await client.delete('ltm/snat-translation/~Common~192.0.2.9')).status).toBe(400);
  });

  it('refuse two ways to translate, and origins that are no addresses', async () => {
    const client = await startTest();
    const both = { name: 's', origins: [{ name: '192.0.2.1' }], automap: true, translation: '192.0.2.9' };
    expect((await client.post('ltm/snat', both)).status).toBe(400);
    expect((await client.get('ltm/snat-translation/~Common~192.0.2.9')).status).toBe(404);
    expect((await client.post('ltm/snat', { name: 's', origins: [{ name: 'everybody' }] })).status).toBe(400);
  });
});
