#!/usr/bin/env node
import process from 'node:process';
import { makeLanes } from './assemble.ts';
import { explainError } from './failure.ts';
import { processIo } from './io.ts';
import { runCli } from './program.ts';
import { nodeProblem } from './version.ts';

const io = processIo();

// `fairlead plan | head` closes the pipe early: nobody reads on, and that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? 0);
});

const problem = nodeProblem(process.versions.node);
if (problem !== undefined) {
  io.stderr.write(`fairlead: ${problem}\n`);
  process.exit(1);
}

try {
  process.exitCode = await runCli(process.argv.slice(2), { io, makeLanes });
} catch (error) {
  io.stderr.write(`fairlead: ${explainError(error, process.argv.includes('debug'))}\n`);
  process.exitCode = 1;
}
