import { expect, it } from 'vitest';

import { serviceObject, sliceObject } from '../testing/objects.ts';
import { readContent } from './files.ts';

const context = { source: 'east', annotationPrefixes: [] };

it('documents whose text is the same are not parsed again, and keep their records', async () => {
  const [web, api] = [serviceObject('default/web'), serviceObject('default/api')].map((object) =>
    JSON.stringify(object),
  );
  const first = await readContent({ name: 'a.yaml', text: `${web}\n---\n${api}` }, context);
  const slice = JSON.stringify(sliceObject('default/web', ['10.0.0.1']));
  const text = `${web}\n---\n${slice}\n---\n${api}`;
  const second = await readContent({ name: 'a.yaml', text, before: first.documents }, context);
  expect([...second.objects.keys()]).toEqual([
    'Service/default/web',
    'EndpointSlice/default/web-a',
    'Service/default/api',
  ]);
  expect(second.objects.get('Service/default/web')).toBe(first.objects.get('Service/default/web'));
  expect(second.objects.get('Service/default/api')).toBe(first.objects.get('Service/default/api'));
});

it('of a file that cannot be understood only the names count, also of its flawless documents', async () => {
  const slice = JSON.stringify(sliceObject('default/web', ['10.0.0.1']));
  const { objects, broken, documents } = await readContent({ name: 'a.yaml', text: `${slice}\n---\nx: [` }, context);
  expect(broken?.summary).toMatch(/^east: a\.yaml:3: /);
  expect([...objects.values()]).toMatchObject([{ type: 'unreadable', identity: { service: 'default/web' } }]);
  expect(documents.size).toBe(0);
});
