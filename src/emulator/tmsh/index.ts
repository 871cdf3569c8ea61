export { loadConfig, LoadError, type LoadNote } from './load-config.ts';
export { printConfig } from './print-config.ts';
