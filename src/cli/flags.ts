import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Ref } from '../ir/ref.ts';
import { descriptors } from '../ir/objects.ts';
import type { ScopeClause } from '../plan/scope.ts';
import { kindOf } from '../ir/ref.ts';
import { parseClause } from '../plan/scope-text.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';

/** What every verb with a config file takes. */
export interface CommonFlags {
  readonly config: string;
  readonly output: string;
  /** False: --no-color. */
  readonly color: boolean;
  readonly logLevel?: LogLevel;
  /** Narrows what may be written, beside the config. */
  readonly only?: readonly ScopeClause[];
}

/** What verbs that plan take. */
export interface PlanningFlags extends CommonFlags {
  readonly allowDeletes?: true;
  readonly adopt?: readonly string[];
}

/** Adds `--config`, `--output`, `--no-color` and `--log-level`. */
export function withCommonFlags(command: Command, outputs: readonly [string, ...string[]]): Command {
  return command
    .option('-c, --config <file>', 'the config file', './fairlead.yaml')
    .addOption(new Option('-o, --output <format>', 'how results are printed').choices(outputs).default(outputs[0]))
    .option('--no-color', 'no colours, also on a terminal')
    .addOption(new Option('--log-level <level>', 'what is logged on standard error').choices(LOG_LEVELS));
}

/** Adds `--only`. */
export function withScopeFlag(command: Command): Command {
  return command.option(
    '--only <what>',
    'leave all else as it is: "pool-members of /Common/web", "objects pool:/kubernetes/web", "kinds pool,virtual" or "partitions kubernetes"; can be repeated',
    collectClauses,
  );
}

function collectClauses(value: string, before: readonly ScopeClause[] | undefined): readonly ScopeClause[] {
  const result = parseClause(value);
  if ('clause' in result) return [...(before ?? []), result.clause];
  throw new InvalidArgumentError(`Expected ${result.unexpected.expected.replace(/[^?]$/, '$&.')}`);
}

/** Adds `--adopt` and `--allow-deletes`. */
export function withPlanningFlags(command: Command): Command {
  return command
    .option(
      '--adopt <ref...>',
      'take over objects that are there and not ours: all, or some such as pool:/kubernetes/web',
      collectRefs,
    )
    .option('--allow-deletes', 'delete although it is more than the threshold in the config');
}

function collectRefs(value: string, before: readonly string[] | undefined): readonly string[] {
  if (value !== 'all' && !isRef(value)) {
    throw new InvalidArgumentError('Expected all, or KIND:/PARTITION/NAME such as pool:/kubernetes/web.');
  }
  return [...(before ?? []), value];
}

function isRef(text: string): text is Ref {
  return /^[a-z-]+:\/\S+$/.test(text) && kindOf(text as Ref) in descriptors;
}

/** The adoption that flags ask for; undefined if they say nothing. */
export function adoptionOf(adopt: readonly string[] | undefined): 'all' | readonly Ref[] | undefined {
  if (adopt === undefined) return undefined;
  return adopt.includes('all') ? 'all' : adopt.filter(isRef);
}
