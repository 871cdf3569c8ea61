import type { Change, PlanUnit, Withheld } from '../plan/plan.ts';
import type { ChangeRow } from './change-rows.ts';
import type { Palette } from './palette.ts';
import type { PlanView } from './plan-view.ts';
import { descriptorOf } from '../ir/objects.ts';
import { describeOrigin, type OriginKey } from '../ir/origin.ts';
import { kindOf, pathOf, type Ref } from '../ir/ref.ts';
import { fieldWord, rowsOf } from './change-rows.ts';
import { diagnosticsText, indent } from './diagnostics-text.ts';
import { incompleteLine, otherDiagnostics, scopeLine, summaryLine } from './plan-view.ts';
import { isMultiLine, linesOfChange } from './multi-line.ts';
import { redact } from './redact.ts';

const SIGNS = { create: '+', update: '~', delete: '-' } as const;

/**
 * A plan for people, in the manner of kubectl and terraform: units, in them objects with `+`, `~` or `-`, under each its
 * origin and its fields, old -> new. Then what is withheld and why, other problems, and the summary.
 */
export function planText(view: PlanView, palette: Palette): string {
  const { plan } = view;
  const sections = [
    palette.strong(`Target ${view.target}`),
    ...plan.units.map((unit) => unitText(unit, palette)),
    withheldText(plan.withheld, palette),
    problemsText(view, palette),
    scopeLine(view),
    incompleteLine(view),
    palette.strong(summaryLine(view)),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function unitText(unit: PlanUnit, palette: Palette): string {
  const changes = unit.changes.map((change) => indent(changeText(change, palette), '  '));
  return [`unit ${unit.id}`, ...changes].join('\n');
}

function changeText(change: Change, palette: Palette): string {
  const sign = SIGNS[change.op];
  const paint = painter(sign, palette);
  const head = `${paint(`${sign} ${change.op}`)} ${objectName(change.ref)}${noteOf(change)}`;
  const rows = change.op === 'delete' ? [] : rowsOf(change).map((row) => `    ${rowText(row, change.op, palette)}`);
  return [head, ...originLine(change.origins, palette), ...rows].join('\n');
}

function noteOf(change: Change): string {
  if (change.op === 'update' && change.adopts === true) return ' (adopted: it is there and not ours yet)';
  return change.op === 'delete' && change.optional === true ? ' (unless somebody uses it)' : '';
}

function originLine(origins: readonly OriginKey[], palette: Palette): readonly string[] {
  return origins.length === 0 ? [] : [palette.faint(`    origin: ${origins.map(describeOrigin).join(', ')}`)];
}

/** In a create every row is new, so the signs would only be noise, except for items of lists. */
function rowText(row: ChangeRow, op: Change['op'], palette: Palette): string {
  const sign = op === 'create' && row.item === undefined ? ' ' : row.sign;
  if (isMultiLine(row.fromText, row.toText)) return severalLines(row, sign, palette);
  const values = [row.fromText, row.toText].filter((text) => text !== undefined).join(' -> ');
  return `${painter(row.sign, palette)(sign)} ${fieldWord(row)}: ${values}`;
}

function severalLines(row: ChangeRow, sign: string, palette: Palette): string {
  const lines = linesOfChange(row.fromText, row.toText).map((line) => `      ${paintLine(line, palette)}`);
  return [`${painter(row.sign, palette)(sign)} ${fieldWord(row)} ${row.item ?? ''}`.trimEnd() + ':', ...lines].join(
    '\n',
  );
}

function paintLine(line: string, palette: Palette): string {
  if (line.startsWith('+')) return palette.added(line);
  return line.startsWith('-') ? palette.removed(line) : line;
}

function painter(sign: ChangeRow['sign'], palette: Palette): (text: string) => string {
  return { '+': palette.added, '~': palette.changed, '-': palette.removed }[sign];
}

/** `virtual server /kubernetes/default_web_http`. */
export function objectName(ref: Ref): string {
  return `${descriptorOf(kindOf(ref)).noun} ${pathOf(ref)}`;
}

function withheldText(withheld: readonly Withheld[], palette: Palette): string {
  if (withheld.length === 0) return '';
  const items = withheld.map(({ ref, reason, origins, diagnostic }) => {
    const detail = diagnostic.detail === undefined ? [] : [indent(redact(diagnostic.detail), '    ')];
    const head = `${palette.changed(`! ${reason}`)} ${objectName(ref)}`;
    return indent(
      [head, ...originLine(origins, palette), `    ${redact(diagnostic.summary)}`, ...detail].join('\n'),
      '  ',
    );
  });
  return ['withheld', ...items].join('\n');
}

function problemsText(view: PlanView, palette: Palette): string {
  const problems = diagnosticsText(otherDiagnostics(view), palette).trimEnd();
  return problems === '' ? '' : `problems\n${indent(problems, '  ')}`;
}
