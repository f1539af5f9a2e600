import { clear, hash, hashOfSecret, type KeptTables, sealed } from './kept.ts';

/** What is the instance's own, its networks' and its operators'. */
export const INSTANCE = {
  master_key: {
    about: 'Which master key everything is sealed under; the key itself is in secrets.json alone',
    rows: { until: 'stays' },
    columns: {
      singleton: clear('there is one row'),
      id: clear('the id of the key'),
      next_id: clear('the id of the one that takes its place'),
      owed_since: clear('since when a rotation is owed'),
      rotated_at: clear('when it was rotated last'),
    },
  },
  instance_epoch: {
    about: 'How far this instance has come, so that a restored backup is known as one',
    rows: { until: 'stays' },
    columns: {
      one: clear('there is one row'),
      database_id: clear('a random number'),
      epoch: clear('raised at each lock, burst, pause and abort'),
      restored_at: clear('when it was last seen that the database had been restored'),
    },
  },
  hold: {
    about: 'What may not be sent now, and who said so',
    rows: { until: 'until it is lifted' },
    columns: {
      scope: clear('a campaign, a network, a server or everything'),
      campaign_id: clear('the campaign'),
      platform: clear('the network'),
      host: hash('the server'),
      kind: clear('paused, broken or throttled'),
      actor: clear('the operator'),
      reason: clear('the reason'),
      at: clear('when'),
      until: clear('until when'),
      target: clear('all of these in one'),
    },
  },
  platform_check: {
    about: 'Whether a network takes this instance’s app',
    rows: { until: 'stay, overwritten by the next look' },
    columns: {
      platform: clear('the network'),
      checked_at: clear('when it was asked'),
      ok: clear('whether it does'),
      trouble: clear('whether it refused the app, said nothing, or a shield kept us out'),
      detail: clear('what it said'),
    },
  },
  join_refusal: {
    about: 'That a network refused this instance’s app when somebody joined',
    rows: { until: 'until somebody joins there' },
    columns: {
      platform: clear('the network'),
      since: clear('since when'),
      detail: clear('what it said'),
    },
  },
  platform_note: {
    about: 'Apps registered at servers, and keys of our own',
    rows: {
      until:
        'our key: stays, sealed anew whenever the master key is rotated; of servers that supporters name: until the keys of any campaign are destroyed, and then made anew where another campaign needs it',
    },
    columns: {
      platform: clear('the network'),
      key_hash: hash('the server, or what else it is about'),
      sealed: sealed('the app’s id and secret, or the key'),
      at: clear('when it was noted'),
    },
  },
  platform_acceptance: {
    about: 'An operator accepted a network’s rules',
    rows: { until: 'stay until they are withdrawn' },
    columns: {
      platform: clear('the network'),
      actor: clear('the operator'),
      as_of: clear('the edition of the rules'),
      at: clear('when'),
    },
  },
  preflight_turn: {
    about: 'Whose turn it is to look at permissions',
    rows: { until: 'stay, overwritten' },
    columns: {
      platform: clear('the network'),
      holder: clear('the worker'),
      held_until: clear('until when'),
      quiet_until: clear('the network is left alone until then'),
    },
  },
  sign_in_link: {
    about: 'One-time links for operators',
    rows: { until: 'stay' },
    columns: {
      token_hash: hashOfSecret('the link’s secret'),
      operator: clear('the operator'),
      expires_at: clear('when it lapses'),
      used_at: clear('when it was used'),
    },
  },
  operator_session: {
    about: 'Signed-in operators',
    rows: { until: 'until they sign out' },
    columns: {
      id_hash: hashOfSecret('the cookie'),
      operator: clear('the operator'),
      expires_at: clear('when it ends'),
    },
  },
  api_key: {
    about: 'Keys of programs',
    rows: { until: 'stay' },
    columns: {
      id: clear('a random number'),
      name: clear('its name'),
      key_hash: hashOfSecret('the key'),
      created_at: clear('when it was made'),
      revoked_at: clear('when it was revoked'),
    },
  },
  audit_entry: {
    about: 'What operators did; names no supporter',
    rows: { until: 'stay' },
    columns: {
      id: clear('a number'),
      at: clear('when'),
      actor: clear('the operator'),
      action: clear('what was done'),
      subject: clear('to which campaign, network or key'),
    },
  },
  worker: {
    about: 'Worker processes',
    rows: { until: 'until the process ends in peace' },
    columns: {
      name: clear('its name, with that of its machine'),
      seen_at: clear('when it was seen last'),
      clock_offset_ms: clear('how far its clock is from the database’s'),
      master_keys: clear('the ids of the master keys that it has'),
      zone_rules: clear('the version of the zone rules that it has'),
      network_offset_ms: clear('how far the networks’ clocks are from ours'),
      named_offset_ms: clear('the same by servers that supporters name, all together'),
      network_off: clear('whether that is an alarm'),
      role: clear('what kind of process it is'),
      started_at: clear('when it was started'),
      swept_at: clear('when it last looked for what is due'),
      heard_at: clear('when it last heard itself'),
    },
  },
  canary: {
    about: 'Jobs that only show that the queues are taken from',
    rows: { until: 'stay, overwritten by the next one' },
    columns: {
      queue: clear('the queue'),
      asked_by: clear('the process that asked'),
      asked_at: clear('when'),
      done_at: clear('when it was done'),
      done_by: clear('by which process'),
      refused_at: clear('when the queue refused it'),
    },
  },
} satisfies Partial<KeptTables>;
