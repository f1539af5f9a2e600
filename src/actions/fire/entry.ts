import type { CampaignRecord } from '../../store/campaign.ts';
import type { HeldDelivery } from '../../store/delivery.ts';
import type { ShardLease } from '../../store/shard.ts';
import type { Ready } from './prepare.ts';

/** A shard as it takes part in a burst. */
export interface BurstShard {
  held: ShardLease;
  campaign: CampaignRecord;
  /** The host that all of it goes to, as its platform names it. */
  host: string;
  ready: readonly Ready[];
  /** Aborted when the shard is lost or the process is to stop. */
  signal: AbortSignal;
}

/** One post on its way through a burst. It does not hold on to the rest of its shard, which a long burst is to let go of. */
export interface Entry extends HeldDelivery {
  ready: Ready;
  shard: Omit<BurstShard, 'ready'>;
  /** When its dispatch mark was made, epoch milliseconds of the database clock; 0 before. */
  markedAtMs: number;
  /** To be called once, when nothing more will be done with it here. */
  leave(): void;
}
