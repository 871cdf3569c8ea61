import type { Command, Option } from 'commander';

/** The flags of a verb as a Markdown table, from commander's own knowledge of them. */
export function flagTable(verb: Command): string {
  const rows = verb.options.map((option) => `| \`${option.flags.replaceAll('|', '\\|')}\` | ${describe(option)} |`);
  return ['| flag | |', '|---|---|', ...rows].join('\n');
}

function describe({ description, argChoices, defaultValue, mandatory, negate }: Option): string {
  const choices = argChoices === undefined ? '' : `: ${argChoices.map((choice) => `\`${choice}\``).join(', ')}`;
  const byDefault = defaultValue === undefined || negate ? '' : `; default \`${String(defaultValue)}\``;
  return `${description}${choices}${byDefault}${mandatory ? '; **required**' : ''}`;
}
