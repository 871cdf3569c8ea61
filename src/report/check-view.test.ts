import { expect, it } from 'vitest';
import { checkDocument, checkText } from './check-view.ts';
import { ansiPalette, plainPalette } from './palette.ts';

const findings = [
  { subject: 'bigip1 login', ok: true, text: 'user fairlead' },
  { subject: 'east', ok: false, text: 'password=hunter2 was refused; check it' },
];

it('findings are a line each, ok or what to do', () => {
  expect(checkText(findings, plainPalette)).toBe(`ok    bigip1 login  user fairlead
FAIL  east          password=[redacted] was refused; check it
1 of 2 checks failed.
`);
  expect(checkText(findings.slice(0, 1), plainPalette)).toContain('All is well.');
  expect(checkText(findings, ansiPalette)).toContain('\u001B[31mFAIL\u001B[39m');
});

it('findings as JSON say whether all is well', () => {
  expect(checkDocument(findings)).toMatchObject({
    format: 'fairlead.check/v1',
    ok: false,
    lines: [{ ok: true }, { ok: false }],
  });
  expect(JSON.stringify(checkDocument(findings))).not.toContain('hunter2');
});
