import type { Reply } from '../http/exchange.ts';
import type { Clock } from '../session/device.ts';

/** One asynchronous operation (fact sheet 5.2). */
export interface Task {
  readonly id: number;
  /** Path under `/mgmt/tm/task`. */
  readonly path: string;
  readonly user: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly state: 'STARTED' | 'VALIDATING' | 'COMPLETED' | 'FAILED';
  /** When it came into this state, in milliseconds since the epoch. */
  readonly since: number;
  /** What the command answered, once it ran. */
  readonly outcome?: Reply;
}

/** Most tasks that are kept; the oldest go first. */
const limit = 1000;

/** The tasks of a device, by their number. They end with the process. */
export class TaskStore {
  readonly #tasks = new Map<number, Task>();
  readonly #clock: Clock;
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  create(given: Pick<Task, 'path' | 'user' | 'body'>): Task {
    const since = this.#clock.now();
    this.#last = Math.max(this.#last + 1, since * 1000);
    const task: Task = { ...given, id: this.#last, state: 'STARTED', since };
    this.#tasks.set(task.id, task);
    const [oldest] = this.#tasks.keys();
    if (this.#tasks.size > limit && oldest !== undefined) {
      this.#tasks.delete(oldest);
    }
    return task;
  }

  find(path: string, id: string): Task | undefined {
    const task = this.#tasks.get(Number(id));
    return task?.path === path ? task : undefined;
  }

  list(path: string): readonly Task[] {
    return [...this.#tasks.values()].filter((task) => task.path === path);
  }

  /** Brings a task into another state. */
  advance(task: Task, to: Pick<Task, 'state' | 'outcome'>): Task {
    const now: Task = { ...task, ...to, since: this.#clock.now() };
    this.#tasks.set(task.id, now);
    return now;
  }

  remove(task: Task): void {
    this.#tasks.delete(task.id);
  }
}
