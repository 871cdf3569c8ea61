import { expect, it } from 'vitest';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { diagnosticsDocument } from './diagnostics-document.ts';
import { diagnosticsText, indent } from './diagnostics-text.ts';
import { ansiPalette, plainPalette } from './palette.ts';

const problems: readonly Diagnostic[] = [
  { code: 'config-invalid', severity: 'error', summary: 'run: found 5', origin: 'fairlead.yaml:3:5', field: 'run' },
  {
    code: 'note',
    severity: 'info',
    summary: 'Service a/b (east) waits',
    origin: 'east:Service/a/b',
    detail: 'one\n\ntwo',
  },
];

it('problems are told with their place, and details below', () => {
  expect(diagnosticsText(problems, plainPalette)).toBe(`error   fairlead.yaml:3:5: run: found 5 [config-invalid]
info    Service a/b (east) waits [note]
        one

        two
`);
  expect(diagnosticsText([], plainPalette)).toBe('');
});

it('an origin that the summary begins with is told once, with its source; the same problem is told once', () => {
  const problem: Diagnostic = {
    code: 'annotation-invalid',
    severity: 'error',
    summary: 'Service a/b: annotation x is "y"',
    origin: 'east:Service/a/b',
  };
  expect(diagnosticsText([problem, problem], plainPalette)).toBe(
    'error   Service a/b (east): annotation x is "y" [annotation-invalid]\n',
  );
});

it('the severity has a colour on a terminal', () => {
  expect(diagnosticsText(problems, ansiPalette)).toContain('\u001B[31merror  \u001B[39m');
  expect(diagnosticsText([{ code: 'a', severity: 'warning', summary: 'b', detail: '' }], ansiPalette)).toBe(
    '\u001B[33mwarning\u001B[39m b \u001B[2m[a]\u001B[22m\n',
  );
});

it('problems as JSON are versioned', () => {
  expect(diagnosticsDocument(problems)).toMatchObject({
    format: 'fairlead.diagnostics/v1',
    diagnostics: [{}, { detail: 'one\n\ntwo' }],
  });
});

it('indentation leaves empty lines empty', () => {
  expect(indent('a\n\nb', '  ')).toBe('  a\n\n  b');
});
