import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { ApplyView, UnitOutcome } from './apply-view.ts';
import type { Palette } from './palette.ts';
import { describeOrigin } from '../ir/origin.ts';
import { countStates } from './apply-view.ts';
import { diagnosticsText, indent } from './diagnostics-text.ts';
import { objectName } from './plan-text.ts';
import { plural } from './plan-view.ts';
import { redact } from './redact.ts';

const STATE_WORDS = {
  done: 'done',
  refused: 'the device refused it; nothing of it is in force',
  stale: 'the device is not as the plan assumed; plan again',
  unknown: 'no answer, and reading could not settle it; plan again',
} as const;

/** What an apply did, for people: one line a unit, the device's own words under those that failed, and a summary. */
export function applyText(view: ApplyView, palette: Palette): string {
  const units = view.reports.map((report) => unitText(report, palette));
  const blamed = view.reports.some(({ blame }) => blame !== undefined);
  const problems = diagnosticsText(untold(view.diagnostics, blamed), palette).trimEnd();
  const parts = [...units, ...(problems === '' ? [] : [problems]), palette.strong(resultLine(view))];
  return `${parts.join('\n')}\n`;
}

/** `Applied to bigip1: 3 units done, 1 refused; 12 requests, 4 writes`. */
function resultLine({ target, reports, requests, writes }: ApplyView): string {
  const { done, ...rest } = countStates(reports);
  const others = Object.entries(rest).filter(([, count]) => count > 0);
  const states = [`${plural(done, 'unit')} done`, ...others.map(([state, count]) => `${count} ${state}`)].join(', ');
  return `Applied to ${target}: ${states}; ${plural(requests, 'request')}, ${plural(writes, 'write')}`;
}

function unitText(report: UnitOutcome, palette: Palette): string {
  const paint = report.state === 'done' ? palette.added : palette.removed;
  const head = `${paint(report.state.padEnd(8))}${report.unit}`;
  if (report.state === 'done') return [head, ...problemLines(report, palette)].join('\n');
  return [`${head}: ${STATE_WORDS[report.state]}`, ...blameLines(report), ...problemLines(report, palette)].join('\n');
}

function blameLines({ blame }: UnitOutcome): readonly string[] {
  if (blame === undefined) return [];
  const about = [
    ...(blame.ref === undefined ? [] : [objectName(blame.ref)]),
    ...(blame.origins.length === 0 ? [] : [`from ${blame.origins.map(describeOrigin).join(', ')}`]),
  ].join(' ');
  return [indent(`${about === '' ? '' : `${about}\n`}device (${blame.status}): ${redact(blame.message)}`, '        ')];
}

/** The refusal itself is told by the blame, in the device's own words. */
function untold(diagnostics: readonly Diagnostic[], blamed: boolean): readonly Diagnostic[] {
  return diagnostics.filter(({ code }) => !blamed || code !== 'device-refused');
}

function problemLines({ blame, diagnostics }: UnitOutcome, palette: Palette): readonly string[] {
  const others = untold(diagnostics, blame !== undefined);
  return others.length === 0 ? [] : [indent(diagnosticsText(others, palette).trimEnd(), '        ')];
}
