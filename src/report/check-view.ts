import type { Palette } from './palette.ts';
import { plural } from './plan-view.ts';
import { redact } from './redact.ts';
import { table } from './table.ts';

/** One finding (the shape of a target's check line). */
export interface Finding {
  readonly subject: string;
  readonly ok: boolean;
  /** What was found; if not ok, what to do. */
  readonly text: string;
}

/** The name and version of the JSON form of findings. */
const CHECK_FORMAT = 'fairlead.check/v1';

/** Findings as JSON. */
export function checkDocument(findings: readonly Finding[]): unknown {
  const lines = findings.map(({ subject, ok, text }) => ({ subject, ok, text: redact(text) }));
  return { format: CHECK_FORMAT, ok: findings.every(({ ok }) => ok), lines };
}

/** Findings for people: `ok    bigip1 version   TMOS 17.1.0`; `width` is that of the terminal, if there is one. */
export function checkText(findings: readonly Finding[], palette: Palette, width?: number): string {
  const text = table(
    findings.map(({ subject, ok, text }) => [ok ? 'ok' : 'FAIL', subject, redact(text)]),
    width,
  );
  const failed = findings.filter(({ ok }) => !ok).length;
  const painted = text
    .replaceAll(/^ok(?= )/gm, palette.added('ok'))
    .replaceAll(/^FAIL(?= )/gm, palette.removed('FAIL'));
  const summary = failed === 0 ? 'All is well.' : `${failed} of ${plural(findings.length, 'check')} failed.`;
  return `${painted}${palette.strong(summary)}\n`;
}
