import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Palette } from './palette.ts';
import { describeOrigin } from '../ir/origin.ts';
import { redact } from './redact.ts';

/**
 * One problem: `error  Service default/web (east): what is wrong [code]`, with its detail below, indented.
 * A place in a file stands in front as editors know it: `fairlead.yaml:3:5`.
 */
function diagnosticText(diagnostic: Diagnostic, palette: Palette): string {
  const { severity, code, detail } = diagnostic;
  const origin = placeOf(diagnostic);
  const head = `${severityWord(severity, palette)} ${origin}${redact(diagnostic.summary)} ${palette.faint(`[${code}]`)}`;
  if (detail === undefined || detail === '') return head;
  return `${head}\n${indent(redact(detail), '        ')}`;
}

/** All problems, one after the other, each from the start of a line. Empty text for none. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], palette: Palette): string {
  return diagnostics.map((diagnostic) => `${diagnosticText(diagnostic, palette)}\n`).join('');
}

/** The diagnostic without anything that looks like a credential. */
export function redactDiagnostic(diagnostic: Diagnostic): Diagnostic {
  const { summary, detail } = diagnostic;
  return { ...diagnostic, summary: redact(summary), ...(detail === undefined ? {} : { detail: redact(detail) }) };
}

/** Puts this in front of every line that is not empty. */
export function indent(text: string, by: string): string {
  return text.replaceAll(/^(?=.)/gm, by);
}

function placeOf({ origin, summary }: Diagnostic): string {
  if (origin === undefined) return '';
  const words = describeOrigin(origin);
  return summary.includes(words) ? '' : `${words}: `;
}

function severityWord(severity: Diagnostic['severity'], palette: Palette): string {
  const padded = severity.padEnd(7);
  if (severity === 'error') return palette.removed(padded);
  return severity === 'warning' ? palette.changed(padded) : palette.faint(padded);
}
