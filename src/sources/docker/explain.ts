import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { DockerOptions } from './options.ts';
import { printEngine } from './options.ts';

/** What to do about what the system says of a socket. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOENT: 'is Docker running, and is that its socket?',
  EACCES: 'may this user use it? It needs the group of the socket (docker)',
  ECONNREFUSED: 'is Docker running?',
};

/** A failure to talk to an Engine, as people are told. Silence is none: events are asked for anew. */
export function explainFailure(options: DockerOptions, verb: 'list' | 'watch', error: unknown): Diagnostic | 'routine' {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (verb === 'watch' && code === 'UND_ERR_BODY_TIMEOUT') return 'routine';
  const words = error instanceof Error ? error.message.slice(0, 300) : 'unknown error';
  const advice = ADVICE[code] === undefined ? '' : `; ${ADVICE[code]}`;
  const what = verb === 'list' ? 'list the containers' : 'follow the events';
  return {
    code: `docker-${verb}-failed`,
    severity: 'error',
    origin: options.source,
    summary: `${options.source}: cannot ${what} of ${printEngine(options)}: ${words}${advice}`,
  };
}
