import type { MemberHealth } from '../model.ts';
import type { HealthView } from '../pool.ts';

/** What one monitor knows of one address and port. */
export interface MonitorView {
  readonly status: 'checking' | 'up' | 'down';
  /** The last answer matched `recvDisable`. */
  readonly draining: boolean;
  /** Of a monitor of performance: it has no vote, and this is what it found, if anything. */
  readonly measured?: { readonly dynamicRatio?: number };
}

/**
 * A member's health under a monitor rule: up when `min` of its monitors (default: all) say up, down when too few can
 * still do so, else `checking`. Without monitors that judge `unchecked`.
 */
export function healthOf(all: readonly MonitorView[], min: number | undefined): HealthView {
  const views = all.filter((one) => one.measured === undefined);
  const dynamicRatio = all.find((one) => one.measured?.dynamicRatio !== undefined)?.measured?.dynamicRatio;
  const measured = dynamicRatio === undefined ? {} : { dynamicRatio };
  if (views.length === 0) return { health: 'unchecked', draining: false, ...measured };
  const needed = Math.min(min ?? views.length, views.length);
  const up = views.filter((one) => one.status === 'up').length;
  const notDown = views.filter((one) => one.status !== 'down').length;
  const health: MemberHealth = up >= needed ? 'up' : notDown < needed ? 'down' : 'checking';
  const draining = health === 'up' && views.some((one) => one.status === 'up' && one.draining);
  return { health, draining, ...measured };
}
