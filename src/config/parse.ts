import type { Document, YAMLParseError, YAMLWarning } from 'yaml';
import type { z } from 'zod';
import { LineCounter, parseDocument, visit } from 'yaml';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Config } from './schema.ts';
import type { Problem } from './explain.ts';
import type { Place } from '../sources/values/locate.ts';
import { crossCheck } from './cross-check.ts';
import { explainIssue } from './explain.ts';
import type { SchemaNode } from './json-schema.ts';
import { publishedSchema } from './json-schema.ts';
import { Locator, printPath } from '../sources/values/locate.ts';
import { configSchema } from './schema.ts';

/** What a config file gave: the config, if there is no error. */
export interface ParsedConfig<T = Config> {
  readonly config?: T;
  /** All problems, by place. */
  readonly diagnostics: readonly Diagnostic[];
}

interface PlacedProblem {
  readonly place: Place;
  readonly problem: Omit<Problem, 'atKey'>;
}

/** A kind of config file. */
export interface FileKind<T> {
  readonly schema: z.ZodType<T>;
  /** The JSON Schema of `schema`: messages explain themselves with it. */
  readonly published: () => SchemaNode;
  /** Problems between fields, of the file as it stands. */
  readonly crossCheck: (raw: unknown) => readonly Problem[];
  /** What is expected of a file that is empty. */
  readonly atLeast: string;
}

const FAIRLEAD: FileKind<Config> = {
  schema: configSchema,
  published: publishedSchema,
  crossCheck,
  atLeast: 'instance, sources and targets (docs/configuration.md)',
};

/**
 * Reads the text of a config file. `file` is its name for messages. Never throws: every problem is a diagnostic with
 * file, line, column, field, found and expected.
 */
export function parseConfig(text: string, file: string): ParsedConfig {
  return parseFile(text, file, FAIRLEAD);
}

/** Reads the text of a file of any kind, as {@link parseConfig} does. */
export function parseFile<T>(text: string, file: string, kind: FileKind<T>): ParsedConfig<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const locator = new Locator(document, lines);
  const syntax = [...document.errors, ...document.warnings, ...badAliases(document)];
  if (syntax.length > 0)
    return {
      diagnostics: diagnosticsOf(
        syntax.map((one) => syntaxProblem(one, locator)),
        file,
      ),
    };
  const raw: unknown = document.toJS();
  if (raw === null) return { diagnostics: [emptyFile(file, kind.atLeast)] };
  const result = kind.schema.safeParse(raw);
  const root = kind.published();
  const issues = result.success ? [] : result.error.issues.flatMap((issue) => explainIssue(issue, root, raw));
  const placed = [...issues, ...kind.crossCheck(raw)].map((problem) => ({ place: placeOf(problem, locator), problem }));
  const diagnostics = diagnosticsOf(placed, file);
  return result.success && placed.length === 0 ? { config: result.data, diagnostics } : { diagnostics };
}

/** What is wrong with the YAML itself. */
type SyntaxError = Pick<YAMLParseError | YAMLWarning, 'code' | 'message' | 'pos'>;

/** A tag or an alias that is not known may be a secret with a `!` or `*` in front: their text is not repeated. */
function syntaxProblem({ code, message, pos }: SyntaxError, locator: Locator): PlacedProblem {
  const text = SYNTAX_TEXTS[code] ?? message;
  return { place: locator.at(pos[0]), problem: { code: 'config-syntax', path: [], text: `not valid YAML: ${text}` } };
}

const SYNTAX_TEXTS: Readonly<Partial<Record<SyntaxError['code'], string>>> = {
  TAG_RESOLVE_FAILED:
    'a word with ! in front is a tag, and this one is not known; put texts that start with ! in quotes',
  MULTIPLE_DOCS: 'a second document begins here (---), expected one; Fairlead reads one config file with one document',
  DUPLICATE_KEY: 'this name stands twice in one mapping, expected once; join the two, or remove one',
  BAD_ALIAS: 'a word with * in front is an alias, and this one has no anchor; put texts that start with * in quotes',
};

/** The parser leaves aliases without an anchor for later; here is later. */
function badAliases(document: Document): readonly SyntaxError[] {
  const found: SyntaxError[] = [];
  visit(document, {
    Alias: (_key, alias) => {
      const pos: [number, number] = [alias.range?.[0] ?? 0, alias.range?.[1] ?? 0];
      if (alias.resolve(document) === undefined) found.push({ code: 'BAD_ALIAS', message: '', pos });
    },
  });
  return found;
}

function emptyFile(file: string, atLeast: string): Diagnostic {
  const summary = `the file is empty, expected at least ${atLeast}`;
  return { code: 'config-missing', severity: 'error', origin: `${file}:1:1`, summary };
}

function placeOf(problem: Problem, locator: Locator): Place {
  if (problem.code === 'config-missing') return locator.value(problem.path);
  return problem.atKey ? locator.key(problem.path) : locator.value(problem.path);
}

function diagnosticsOf(placed: readonly PlacedProblem[], file: string): readonly Diagnostic[] {
  return placed
    .toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
    .map((one) => toDiagnostic(one, file));
}

function toDiagnostic({ place, problem }: PlacedProblem, file: string): Diagnostic {
  const origin = `${file}:${place.line}:${place.column}`;
  const about = { code: problem.code, severity: 'error', origin } as const;
  if (problem.path.length === 0) return { ...about, summary: problem.text };
  const field = printPath(problem.path);
  return { ...about, summary: `\`${field}\`: ${problem.text}`, field };
}
