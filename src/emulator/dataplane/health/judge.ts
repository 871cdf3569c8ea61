import type { MonitorConfig } from '../model.ts';
import { receivePattern } from './monitor-text.ts';
import type { ProbeResult } from './probe.ts';

/** The device searches only this much of an answer (F5 article K3451). */
const SEARCHED_BYTES = 5120;

/** Judges what a member answers, as it comes in. */
export class AnswerJudge {
  readonly #recv: RegExp | undefined;
  readonly #recvDisable: RegExp | undefined;
  readonly #reverse: boolean;
  #answer = Buffer.alloc(0);

  constructor(monitor: MonitorConfig) {
    this.#recv = receivePattern(monitor.recv);
    this.#recvDisable = receivePattern(monitor.recvDisable);
    this.#reverse = monitor.reverse === true && this.#recv !== undefined;
  }

  /** Whether an answer is looked for at all. */
  get wantsAnswer(): boolean {
    return this.#recv !== undefined || this.#recvDisable !== undefined;
  }

  /** More of the answer; the result if that decides it. */
  add(bytes: Buffer): ProbeResult | undefined {
    this.#answer = Buffer.concat([this.#answer, bytes]).subarray(0, SEARCHED_BYTES);
    const text = this.#answer.toString('latin1');
    if (this.#recv?.test(text) === true) return this.#reverse ? 'failure' : 'success';
    if (this.#recvDisable?.test(text) === true) return 'disable';
    if (!this.wantsAnswer) return 'success';
    return this.#answer.length >= SEARCHED_BYTES ? this.end() : undefined;
  }

  /** The answer is complete and nothing has matched. `reverse` asks for just that, but for an answer all the same. */
  end(): ProbeResult {
    return this.#reverse && this.#answer.length > 0 ? 'success' : 'failure';
  }
}
