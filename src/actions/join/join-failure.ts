import {
  AccountRefused,
  AccountUnfit,
  AppRefused,
  AskedToWait,
  GrantRefused,
  OutOfOrder,
  TooLittleGranted,
} from '../../platforms/platform.ts';
import type { JoinFailure } from './join-result.ts';

/**
 * What happened at a network, by what its part of the code has thrown: the one table of it. Each has a sentence of its own. `taken`:
 * the network has taken the code, so that what it refuses after that is no sign-in that has been used up.
 */
export function joinFailure(error: unknown, platformLabel: string, taken = false): JoinFailure {
  if (error instanceof AccountUnfit) {
    return { problem: 'account_unfit', unfit: { reason: error.reason, platformLabel } };
  }
  if (error instanceof AccountRefused) return { problem: 'refused_unsaid' };
  if (error instanceof TooLittleGranted) return { problem: 'permission_missing' };
  if (error instanceof GrantRefused && taken) return { problem: 'refused_unsaid' };
  if (error instanceof GrantRefused) return { problem: 'answer_refused' };
  if (error instanceof AppRefused) return { problem: 'service_refused' };
  if (error instanceof AskedToWait) {
    return { problem: 'asked_to_wait', ...(error.until && { until: error.until }) };
  }
  if (error instanceof OutOfOrder) return { problem: 'platform_broken' };
  return { problem: 'platform_failed' };
}
