import { grammarError } from '../errors/device-error.ts';

/** `<property> eq <value>`. */
export interface Filter {
  readonly property: string;
  readonly value: string;
}

/** The query of a request, read (fact sheet 2.5). */
export interface Query {
  readonly expand: boolean;
  readonly filter?: Filter;
  readonly select?: readonly string[];
  readonly top?: number;
  readonly skip: number;
  readonly options?: string;
  /** The version that the answer is to be of, `13.1.0`. */
  readonly version?: string;
  /** What a `selfLink` repeats: everything but `ver` and paging, values encoded. */
  readonly echo: string;
}

const none: Query = { expand: false, skip: 0, echo: '' };
const filterPattern = /^\s*\(?\s*([A-Za-z_]+)\s+eq\s+'?([^']*?)'?\s*\)?\s*$/v;

function readFilter(text: string): Filter {
  const match = filterPattern.exec(text);
  if (match === null) {
    throw grammarError(`invalid query parameter "$filter":"${text}"`);
  }
  return { property: match[1] ?? '', value: (match[2] ?? '').trim() };
}

function readNumber(name: string, text: string | null): number | undefined {
  if (text === null) {
    return undefined;
  }
  if (!/^\d{1,9}$/v.test(text)) {
    throw grammarError(`invalid query parameter "${name}":"${text}"`);
  }
  return Number(text);
}

const silent = new Set(['ver', '$top', '$skip']);

function echoOf(parameters: URLSearchParams): string {
  const kept = [...parameters].filter(([name]) => !silent.has(name));
  return kept.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

/** Reads the text behind the `?` of a request. */
export function parseQuery(text: string): Query {
  if (text === '') {
    return none;
  }
  const parameters = new URLSearchParams(text);
  const expand = parameters.get('expandSubcollections') ?? parameters.get('expandSubCollections');
  const filter = parameters.get('$filter');
  const select = parameters.get('$select');
  const top = readNumber('$top', parameters.get('$top'));
  const options = parameters.get('options');
  const version = parameters.get('ver');
  return {
    expand: expand === 'true',
    skip: readNumber('$skip', parameters.get('$skip')) ?? 0,
    echo: echoOf(parameters),
    ...(filter === null ? {} : { filter: readFilter(filter) }),
    ...(select === null ? {} : { select: select.split(',').map((name) => name.trim()) }),
    ...(top === undefined ? {} : { top }),
    ...(options === null ? {} : { options }),
    ...(version === null ? {} : { version }),
  };
}
