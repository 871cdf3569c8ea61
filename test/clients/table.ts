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

/** Counts by client, release and group of resources. */
export function summary(runs: readonly JudgedRun[]): string {
  const rows = runs.flatMap(({ run, judged }) =>
    [...grouped(judged, (each) => each.plan.group)].map(([group, members]) => {
      const verdicts = members.flatMap((each) => each.verdicts);
      return `| ${run.client.package} | ${run.release} | ${group} | ${members.length} | ${counts(verdicts)} |`;
    }),
  );
  const all = runs.flatMap(({ judged }) => judged);
  const total = `| all | | | ${all.length} | ${counts(all.flatMap((each) => each.verdicts))} |`;
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

/** Each class of resources with its operations; those that did not pass with the reason. */
export function details(runs: readonly JudgedRun[]): string {
  return runs
    .map(({ run, judged }) => {
      const rows = judged.map((each) => {
        const passed = each.verdicts.filter((verdict) => verdict.outcome === 'passed').map((each2) => each2.operation);
        return `| ${each.plan.group} | ${each.plan.resource} | ${passed.join(', ')} | ${notPassed(each)} |`;
      });
      const head = '| group | resource | passed | refused |\n|---|---|---|---|';
      return [`## ${run.client.package} against ${run.release}\n`, head, ...rows].join('\n');
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
