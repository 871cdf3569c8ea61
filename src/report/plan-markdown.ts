import type { Change, PlanUnit, Withheld } from '../plan/plan.ts';
import type { ChangeRow } from './change-rows.ts';
import type { PlanView } from './plan-view.ts';
import { describeOrigin } from '../ir/origin.ts';
import { fieldWord, rowsOf } from './change-rows.ts';
import { objectName } from './plan-text.ts';
import { incompleteLine, otherDiagnostics, scopeLine, summaryLine } from './plan-view.ts';
import { isMultiLine, linesOfChange } from './multi-line.ts';
import { redact } from './redact.ts';

/** A plan as Markdown, for merge requests and chat: one table a unit, one for what is withheld. */
export function planMarkdown(view: PlanView): string {
  const { plan } = view;
  const sections = [
    `## Plan for ${view.target}`,
    `**${summaryLine(view)}**`,
    cell(scopeLine(view)),
    incompleteLine(view),
    ...plan.units.map(unitMarkdown),
    withheldMarkdown(plan.withheld),
    problemsMarkdown(view),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function unitMarkdown(unit: PlanUnit): string {
  const head = ['| | object | field | from | to |', '|---|---|---|---|---|'];
  const origins = unit.origins.map(describeOrigin).join(', ');
  const title = `### ${code(unit.id)}${origins === '' ? '' : `\n\n${cell(origins)}`}`;
  return `${title}\n\n${[...head, ...unit.changes.flatMap(changeLines)].join('\n')}`;
}

function changeLines(change: Change): readonly string[] {
  const head = line([`**${change.op}**`, code(objectName(change.ref)), '', '', '']);
  return change.op === 'delete' ? [head] : [head, ...rowsOf(change).map(rowLine)];
}

function rowLine(row: ChangeRow): string {
  const { sign, fromText, toText } = row;
  if (isMultiLine(fromText, toText)) {
    const lines = linesOfChange(fromText, toText).map(code).join('<br>');
    return line([code(sign), '', `${fieldWord(row)} ${cell(row.item ?? '')}`.trimEnd(), '', lines]);
  }
  const text = (value: string | undefined): string => (value === undefined ? '' : code(value));
  return line([code(sign), '', fieldWord(row), text(fromText), text(toText)]);
}

function withheldMarkdown(withheld: readonly Withheld[]): string {
  if (withheld.length === 0) return '';
  const rows = withheld.map(({ ref, reason, origins, diagnostic }) =>
    line([
      reason,
      code(objectName(ref)),
      cell(origins.map(describeOrigin).join(', ')),
      cell(redact(diagnostic.summary)),
    ]),
  );
  return ['### Withheld', '', '| reason | object | origin | why |', '|---|---|---|---|', ...rows].join('\n');
}

function problemsMarkdown(view: PlanView): string {
  const problems = otherDiagnostics(view);
  if (problems.length === 0) return '';
  return [
    '### Problems',
    '',
    ...problems.map(({ severity, summary }) => `- ${severity}: ${cell(redact(summary))}`),
  ].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** What could end a cell or start markup is written so that it cannot. */
function cell(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|]/g, (character) => `\\${character}`).replaceAll(/\s*\n\s*/g, ' ');
}

/** Code in a table: pipes escaped, and a fence longer than any run of backticks inside. */
function code(text: string): string {
  const flat = text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
  const runs = flat.match(/`+/g) ?? [];
  if (runs.length === 0) return `\`${flat}\``;
  const fence = '`'.repeat(Math.max(...runs.map((run) => run.length)) + 1);
  return `${fence} ${flat} ${fence}`;
}
