import { expect, it } from 'vitest';
import { withAdvice } from './check.ts';

it.each([
  ['cannot connect to 10.0.0.1:443 (connect ECONNREFUSED 10.0.0.1:443)', 'check bigip.url'],
  ['the connection was cut (other side closed)', 'the scheme and the port'],
  ['one: the password of user "a" cannot be read: environment variable PW is not set', 'set it where fairlead runs'],
  ['one: the password of user "a" cannot be read: file /x/pw cannot be read (ENOENT)', 'who may read it'],
])('a failed check says what to do: %s', (text, advice) => {
  expect(withAdvice(text)).toContain(`${text}; `);
  expect(withAdvice(text)).toContain(advice);
});

it('a finding that says itself what to do stays as it is', () => {
  const text = 'not provisioned: provision it under System > Resource Provisioning';
  expect(withAdvice(text)).toBe(text);
});
