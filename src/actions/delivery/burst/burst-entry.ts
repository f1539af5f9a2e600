import type { CampaignRecord } from '../../../store/campaign.ts';
import type { LeasedDelivery } from '../../../store/delivery.ts';
import type { LeasedShard } from '../../../store/shard.ts';
import type { PreparedDelivery } from './prepare-shard.ts';

/** A shard as it takes part in a burst. */
export interface BurstShard {
  leased: LeasedShard;
  campaign: CampaignRecord;
  /** The host that all of it goes to, as its platform names it. */
  host: string;
  prepared: readonly PreparedDelivery[];
  /** Aborted when the shard is lost or the process is to stop. */
  signal: AbortSignal;
}

/** One post on its way through a burst. It does not hold on to the rest of its shard, which a long burst is to let go of. */
export interface BurstEntry extends LeasedDelivery {
  prepared: PreparedDelivery;
  shard: Omit<BurstShard, 'prepared'>;
  /** When its dispatch mark was made, epoch milliseconds of the database clock; 0 before. */
  markedAtMs: number;
  /** To be called once, when nothing more will be done with it here. */
  onDone(): void;
}
