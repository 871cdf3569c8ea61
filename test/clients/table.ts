import type { Judged, Verdict } from './judge.ts';
import type { Run } from './run.ts';

/** A run with its verdicts. */
export interface JudgedRun {
  readonly run: Run;
  readonly judged: readonly Judged[];
}

function count(verdicts: readonly Verdict[], outcome: Verdict['outcome']): number {
  return verdicts.filter((each) => each.outcome === outcome).length;
}

function counts(verdicts: readonly Verdict[]): string {
  return `${count(verdicts, 'passed')} | ${count(verdicts, 'failed')} | ${count(verdicts, 'refused')}`;
}

/** Rows in the order of their first appearance, by a key. */
function grouped<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/** One class of resources of one run. */
interface Line extends Judged {
  readonly run: Run;
}

function linesOf(runs: readonly JudgedRun[]): readonly Line[] {
  return runs.flatMap(({ run, judged }) => judged.map((each) => ({ ...each, run })));
}

function releases(lines: readonly Line[]): string {
  return [...new Set(lines.map(({ run }) => run.release))].join(', ');
}

/** Counts by client and group of resources; of several releases, the sums. */
export function summary(runs: readonly JudgedRun[]): string {
  const lines = linesOf(runs);
  const rows = [...grouped(lines, ({ run, plan }) => `${run.client.package} | ${plan.group}`)].map(([key, members]) => {
    const resources = new Set(members.map(({ plan }) => plan.resource)).size;
    const [client = '', group = ''] = key.split(' | ');
    const verdicts = members.flatMap((each) => each.verdicts);
    return `| ${client} | ${releases(members)} | ${group} | ${resources} | ${counts(verdicts)} |`;
  });
  const resources = new Set(lines.map(({ run, plan }) => `${run.client.package} ${plan.resource}`)).size;
  const total = `| all | | | ${resources} | ${counts(lines.flatMap((each) => each.verdicts))} |`;
  const head = '| client | TMOS | group | resources | passed | failed | refused |\n|---|---|---|---|---|---|---|';
  return [head, ...rows, total].join('\n');
}

/** A cell of a table has no bars or line breaks. */
function cell(text: string): string {
  return text
    .replaceAll(/\s+/gv, ' ')
    .replaceAll('|', String.raw`\|`)
    .trim();
}

function notPassed(each: Judged): string {
  const bad = each.verdicts.filter((verdict) => verdict.outcome !== 'passed');
  return [...grouped(bad, (verdict) => verdict.reason)]
    .map(([reason, members]) => `${members.map((verdict) => verdict.operation).join(', ')}: ${cell(reason)}`)
    .join('; ');
}

function row(line: Line): string {
  const passed = line.verdicts.filter((verdict) => verdict.outcome === 'passed').map(({ operation }) => operation);
  return `${line.plan.group} | ${line.plan.resource} | ${passed.join(', ')} | ${notPassed(line)}`;
}

/** Each class of resources with its operations; those that did not pass with the reason. Releases that do the same share a row. */
export function details(runs: readonly JudgedRun[]): string {
  return [...grouped(linesOf(runs), ({ run }) => run.client.package)]
    .map(([client, lines]) => {
      const rows = [...grouped(lines, row)].map(([key, members]) => `| ${releases(members)} | ${key} |`);
      return [`## ${client}\n`, '| TMOS | group | resource | passed | refused |\n|---|---|---|---|---|', ...rows].join(
        '\n',
      );
    })
    .join('\n\n');
}

const [begin, end] = ['<!-- clients:begin -->', '<!-- clients:end -->'];

/** The document with a text between its markers. Throws when they are not there. */
export function replaceBetween(document: string, text: string): string {
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`no ${begin} … ${end}`);
  return `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`;
}
