/** State on disk that cannot be used. The message says why and what to do; it starts after the name of the folder. */
export class StateError extends Error {
  override readonly name = 'StateError';
}
