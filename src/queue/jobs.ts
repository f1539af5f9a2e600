/** Every job there is, with what it carries: names of rows and nothing else, since a queue keeps its payloads in clear. */
export interface JobPayloads {
  /** Look at the credentials, and refresh those that would end before the moment. */
  preflight: { campaignId: string };
  /** Close joining and make the deliveries. */
  lock: { campaignId: string };
  /** Hand out the shards. */
  arm: { campaignId: string };
  /** Lease, prepare, wait for the moment, send. */
  fire: { shardId: string };
  /** Gather what had to wait into new shards. */
  gather: { campaignId: string };
  /** Look whether posts in doubt are there. */
  reconcile: { campaignId: string };
  /** Close the campaign when nothing is left to happen, and retire its credentials. */
  settle: { campaignId: string };
  /** Revoke retired credentials at their platform and destroy them. */
  revoke: Record<string, never>;
  /** Seal what is unsealed in the campaign's ledger. */
  seal: { campaignId: string };
  /** Hand a reminder's next mail to the mail server. */
  mail: { reminderId: string };
  /** Show that a queue goes round. `asker`: the process that wants to know. */
  canary: { queue: string; asker: string };
}

export type JobName = keyof JobPayloads;

export const JOB_NAMES = [
  'preflight',
  'lock',
  'arm',
  'fire',
  'gather',
  'reconcile',
  'settle',
  'revoke',
  'seal',
  'mail',
  'canary',
] as const satisfies readonly JobName[];

/** The queue of everything that concerns a campaign as a whole. */
export const CAMPAIGN_QUEUE = 'campaign';
/** The queue of what may wait behind the burst. */
export const AFTERCARE_QUEUE = 'aftercare';
/** The queue of mails: a slow mail server holds up nothing else. */
export const MAIL_QUEUE = 'mail';

/** Each platform has its own queue of shards, so that one that is throttled holds up no other. */
export function fireQueue(platform: string): string {
  return `fire-${platform}`;
}

/** What says which queue a job goes to, beside its name. */
export interface Destination {
  /** For `fire`. */
  platform?: string;
  /** For `canary`. */
  queue?: string;
}

/** The queue that a job of this name goes to. */
export function queueName(name: JobName, { platform, queue }: Destination = {}): string {
  switch (name) {
    case 'canary':
      if (queue === undefined) throw new Error('A canary goes to a queue that is named');
      return queue;
    case 'fire':
      if (platform === undefined) throw new Error('A shard belongs to a platform');
      return fireQueue(platform);
    case 'reconcile':
    case 'revoke':
    case 'seal':
    case 'settle':
      return AFTERCARE_QUEUE;
    case 'preflight':
    case 'lock':
    case 'arm':
    case 'gather':
      return CAMPAIGN_QUEUE;
    case 'mail':
      return MAIL_QUEUE;
  }
}
