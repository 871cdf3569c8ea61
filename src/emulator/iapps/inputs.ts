import type { List, Table, Variable } from '../kinds/application/service-inputs.ts';
import type { ConfigObject } from '../store/object.ts';
import { makeList, splitList, type Tcl } from '../tcl/index.ts';

/** A table as scripts get it: one list of one element a row, `{{\n    addr 10.0.0.1\n    port 80\n}}` (F5's iApp pages). */
function tableText({ columnNames = [], rows = [] }: Table): string {
  return rows
    .map(({ row }) => {
      const lines = columnNames.map((column, at) => `    ${makeList([column, row[at] ?? ''])}`);
      return `{{\n${lines.join('\n')}\n}}`;
    })
    .join(' ');
}

/** The rows of such a text. */
export function rowsOf(table: string): readonly ReadonlyMap<string, string>[] {
  return splitList(table).map((row) => {
    const items = splitList(splitList(row)[0] ?? '');
    return new Map(items.flatMap((name, at) => (at % 2 === 0 ? [[name, items[at + 1] ?? ''] as const] : [])));
  });
}

/** Gives a script what a service answers, as global variables. Values are data: nothing in them is read as Tcl. */
export function giveInputs(service: ConfigObject, tcl: Tcl): void {
  const { variables } = tcl.globals;
  for (const { name, value = '' } of (service.values['variables'] ?? []) as readonly Variable[]) {
    variables.set(name, { value });
  }
  for (const { name, value = [] } of (service.values['lists'] ?? []) as readonly List[]) {
    variables.set(name, { value: makeList(value) });
  }
  for (const table of (service.values['tables'] ?? []) as readonly Table[]) {
    variables.set(table.name, { value: tableText(table) });
  }
}
