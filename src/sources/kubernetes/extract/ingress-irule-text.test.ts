import { expect, it } from 'vitest';
import { FRONT_SECTIONS } from './ingress-irule-text.ts';

const text = FRONT_SECTIONS.map((section) => section.text).join('\n');

it('the iRule of a front is ASCII, without anything that a device could change or refuse: backslashes, tags, blank ends', () => {
  expect(text).toMatch(/^[\n\u0020-\u007E]+$/);
  expect(text).not.toMatch(/[\\<]/);
  for (const section of FRONT_SECTIONS) expect(section.text).toBe(section.text.replace(/^\n+/, '').trimEnd());
});

it('its sections are in order, and their braces are balanced together', () => {
  expect(FRONT_SECTIONS.map(({ name }) => name)).toEqual(FRONT_SECTIONS.map(({ name }) => name).toSorted());
  expect(text.split('{').length).toBe(text.split('}').length);
});
