import { expect, it } from 'vitest';
import { decodeObject } from './decode-object.ts';

const context = { version: [11, 6, 0], defaultRouteDomain: 0, partition: 'k' };

it('policies of the device itself, which 11.6 lists below every virtual server, are not those of the virtual server', () => {
  const items = [
    { name: '_sys_CEC_SSL_client_policy', partition: 'Common', fullPath: '/Common/_sys_CEC_SSL_client_policy' },
    { name: 'l7', partition: 'k', fullPath: '/k/l7' },
  ];
  const body = { name: 'vs', partition: 'k', fullPath: '/k/vs', destination: '/k/10.0.0.1:80', ipProtocol: 'tcp' };
  const { object } = decodeObject('virtual', { ...body, policiesReference: { items } }, context);
  expect(object).toMatchObject({ policies: ['/k/l7'] });
});
