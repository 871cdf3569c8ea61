import type { MemberHealth } from '../model.ts';
import type { HealthView } from '../pool.ts';

/** What one monitor knows of one address and port. */
export interface MonitorView {
  readonly status: 'checking' | 'up' | 'down';
  /** The last answer matched `recvDisable`. */
  readonly draining: boolean;
}

/**
 * A member's health under a monitor rule: up when `min` of its monitors (default: all) say up, down when too few can
 * still do so, else `checking`. Without monitors `unchecked`.
 */
export function healthOf(views: readonly MonitorView[], min: number | undefined): HealthView {
  if (views.length === 0) return { health: 'unchecked', draining: false };
  const needed = Math.min(min ?? views.length, views.length);
  const up = views.filter((one) => one.status === 'up').length;
  const notDown = views.filter((one) => one.status !== 'down').length;
  const health: MemberHealth = up >= needed ? 'up' : notDown < needed ? 'down' : 'checking';
  return { health, draining: health === 'up' && views.some((one) => one.status === 'up' && one.draining) };
}
