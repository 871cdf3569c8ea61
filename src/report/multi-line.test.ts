import { expect, it } from 'vitest';
import { isMultiLine, linesOfChange } from './multi-line.ts';

it('a value of several lines is told from one of one line, and from none', () => {
  expect([isMultiLine('a\nb'), isMultiLine(undefined, 'a\nb'), isMultiLine('a', undefined)]).toEqual([
    true,
    true,
    false,
  ]);
});

it('of two texts the lines that differ are shown, with a few around them', () => {
  const lines = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const changed = lines.with(3, 'D');
  expect(linesOfChange(lines.join('\n'), changed.join('\n'))).toEqual([
    '...',
    '  b',
    '  c',
    '- d',
    '+ D',
    '  e',
    '  f',
    '...',
  ]);
  expect(linesOfChange('a\nb', 'a\nx\nb')).toEqual(['  a', '+ x', '  b']);
  expect(linesOfChange('a\na', 'a')).toEqual(['  a', '- a']);
});

it('all of a text that comes or goes is shown', () => {
  expect(linesOfChange(undefined, 'a\nb')).toEqual(['+ a', '+ b']);
  expect(linesOfChange('a\nb', undefined)).toEqual(['- a', '- b']);
});
