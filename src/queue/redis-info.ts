import { RedisConnection } from 'bullmq';
import type { RedisNode } from '../../config/redis-url.ts';
import { DROPS_JOBS, REPLICA, refuseRedis } from './redis-refusal.ts';

/** What a server's INFO says of it, by name. */
export interface RedisInfo {
  fields: ReadonlyMap<string, string>;
}

/**
 * Whether jobs are safe with this server. Returns what is not as it should be and does no harm yet.
 * @throws ConfigurationError where it can never run jobs, RedisUnfitError where it would lose or refuse them as it is now.
 */
export function refuseUnfit(
  { fields }: RedisInfo,
  node: RedisNode,
  { mayBeReplica = false } = {},
): string[] {
  const at = `${node.host}:${node.port}`;
  if (fields.get('redis_mode') === 'sentinel') {
    const why = `${at} is a Sentinel, which keeps no jobs; write redis+sentinel://${at}/NAME with the name that it has for the server`;
    refuseRedis({ why, now: null });
  }
  // A sentinel may not have noticed yet who the master is.
  if (fields.get('role') === 'slave' && !mayBeReplica) {
    const master = `${fields.get('master_host')}:${fields.get('master_port')}`;
    const why = `${at} is a replica, which takes no jobs; name its master, ${master}`;
    refuseRedis({ why, now: REPLICA });
  }
  const warnings: string[] = [];
  const version = versionOf(fields);
  if (isOlder(version, RedisConnection.minimumVersion)) {
    const why = `${at} is version ${version}, which is too old for the queue; ${RedisConnection.recommendedMinimumVersion} or newer is needed`;
    refuseRedis({ why, now: null });
  }
  if (isOlder(version, RedisConnection.recommendedMinimumVersion)) {
    warnings.push(
      `Redis ${version} is old; use ${RedisConnection.recommendedMinimumVersion} or newer`,
    );
  }
  const policy = fields.get('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction') {
    const dropsJobs = policy.startsWith('allkeys') && Number(fields.get('maxmemory') ?? 0) > 0;
    const what = `${at} drops keys when its memory is full (maxmemory-policy ${policy})`;
    if (dropsJobs) {
      const why = `${what}, and so it drops jobs; set its maxmemory-policy to noeviction`;
      refuseRedis({ why, now: DROPS_JOBS });
    }
    warnings.push(`${what}; set its maxmemory-policy to noeviction`);
  }
  return warnings;
}

/** Valkey and Dragonfly call themselves a Redis of the version that they are compatible with. */
function versionOf(fields: ReadonlyMap<string, string>): string {
  return fields.get('redis_version') ?? RedisConnection.recommendedMinimumVersion;
}

function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
