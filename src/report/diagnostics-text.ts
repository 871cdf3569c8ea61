import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Palette } from './palette.ts';
import { describeOrigin, parseOrigin } from '../ir/origin.ts';
import { redact } from './redact.ts';

/**
 * One problem: `error  Service default/web (east): what is wrong [code]`, with its detail below, indented.
 * A place in a file stands in front as editors know it: `fairlead.yaml:3:5`.
 */
function diagnosticText(diagnostic: Diagnostic, palette: Palette): string {
  const { severity, code, detail } = diagnostic;
  const summary = redact(withPlace(diagnostic));
  const head = `${severityWord(severity, palette)} ${summary} ${palette.faint(`[${code}]`)}`;
  if (detail === undefined || detail === '') return head;
  return `${head}\n${indent(redact(detail), '        ')}`;
}

/** All problems, one after the other, each from the start of a line; the same words once. Empty text for none. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], palette: Palette): string {
  return [...new Set(diagnostics.map((diagnostic) => `${diagnosticText(diagnostic, palette)}\n`))].join('');
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

/** The summary with its origin in front, unless it names it; a summary that names it without its source gets that. */
function withPlace({ origin, summary }: Diagnostic): string {
  if (origin === undefined) return summary;
  const words = describeOrigin(origin);
  if (summary.includes(words)) return summary;
  const { kind, id } = parseOrigin(origin);
  const short = `${kind} ${id}: `;
  return kind !== '' && summary.startsWith(short) ? `${words}: ${summary.slice(short.length)}` : `${words}: ${summary}`;
}

function severityWord(severity: Diagnostic['severity'], palette: Palette): string {
  const padded = severity.padEnd(7);
  if (severity === 'error') return palette.removed(padded);
  return severity === 'warning' ? palette.changed(padded) : palette.faint(padded);
}
