import { clear, gone, hash, hashOfSecret, type KeptTables, sealed } from './kept.ts';

/** What is there because of a supporter. */
export const PEOPLE = {
  pledge: {
    about: 'One promise of one post',
    rows: 'reduced',
    columns: {
      id: clear('a random number'),
      campaign_id: clear('the campaign'),
      platform: clear('the network'),
      account_hash: gone(hash('the account, to see that it has joined already')),
      sealed: gone(
        sealed(
          'the account, its handle and followers, the exact text and its content warning, and what was agreed to',
        ),
        `''::bytea`,
      ),
      state: clear('active, or withdrawn'),
      consented_at: gone(clear('when it was agreed to'), `date_trunc('day', consented_at, 'UTC')`),
      withdrawn_at: gone(clear('when it was withdrawn')),
      host: gone(hash('the server, where people name theirs'), `''`),
      receipt_id: gone(clear('the number in the receipt’s link'), 'gen_random_uuid()'),
      erased: gone(clear('nothing of it is left but what this table keeps'), 'true'),
    },
  },
  credential: {
    about: 'The permission to post, until the network has taken it back',
    rows: 'deleted',
    columns: {
      id: clear('a random number'),
      pledge_id: clear('the pledge'),
      campaign_id: clear('the campaign'),
      platform: clear('the network'),
      state: clear('live, dead, or on its way back'),
      sealed: sealed('the tokens'),
      expires_at: clear('when the network ends it'),
      refreshing_until: clear('a worker is renewing it'),
      revoke_after: clear('when it is next given back'),
      revoke_attempts: clear('how often that was tried'),
      created_at: clear('when it was given'),
      checked_at: clear('when the network last took it'),
      check_after: clear('not to be looked at before'),
      check_failures: clear('looks in a row without an answer'),
      dead_reason: clear('what is the matter with the account, where the network says so'),
    },
  },
  intent: {
    about: 'Words that were chosen before an account was named; six hours at most',
    rows: 'deleted',
    columns: {
      id: clear('a random number; the pledge’s where its account is connected again'),
      campaign_id: clear('the campaign'),
      sealed: sealed('the words, own or chosen, what was typed into blanks, the languages'),
      browser_hash: hashOfSecret('the cookie of the browser that goes on with it'),
      expires_at: clear('when it is deleted'),
    },
  },
  oauth_flow: {
    about: 'A sign-in under way; an hour after its end at most',
    rows: 'deleted',
    columns: {
      state_hash: hashOfSecret('the state parameter'),
      browser_hash: hashOfSecret('the cookie of the browser that left'),
      campaign_id: clear('the campaign'),
      platform: clear('the network'),
      sealed: sealed(
        'the text and its content warning, the languages, what the network wants back, the server',
      ),
      expires_at: clear('when it lapses'),
      used_at: clear('when somebody came back'),
      use_id: clear('a random number of that return'),
      intent_id: clear('the words it is about'),
      ended: clear('which sentence it ended with, where no pledge came of it'),
    },
  },
  assisted_post: {
    about: '“I posted by myself”, counted once a post; becomes a number of the campaign',
    rows: 'deleted',
    columns: {
      campaign_id: clear('the campaign'),
      link_hash: hash('the address of the post'),
      seen: clear('we could read the post without a login'),
    },
  },
  reminder: {
    about: 'A mail that somebody asked for',
    rows: 'reduced',
    columns: {
      id: gone(clear('a random number'), 'gen_random_uuid()'),
      campaign_id: clear('the campaign'),
      state: clear('asked, confirmed, sent, …'),
      locale: gone(clear('language of the mail'), `'und'`),
      lang: gone(clear('language that the links in the mail ask for')),
      address_hash: gone(hash('the address, to write to it once')),
      address: gone(sealed('the address; erased already when the last mail is out')),
      asked_at: gone(clear('when it was asked for'), `date_trunc('day', asked_at, 'UTC')`),
      due_at: gone(clear('when a mail is owed')),
      attempts: clear('how often it was handed over'),
      marked_at: gone(clear('when it was handed over last')),
      sent_at: clear('when the mail server took it'),
    },
  },
  reminder_request: {
    about: 'Mails to confirm an address, to hold them to their limits; a day',
    rows: 'deleted',
    columns: {
      id: clear('a number'),
      campaign_id: clear('the campaign'),
      address_hash: hash('the address'),
      at: clear('when it was asked'),
    },
  },
  outbox: {
    about: 'Mails of an instance without a mail server; a day',
    rows: { until: 'a day after they were made' },
    columns: {
      id: clear('a number'),
      reminder_id: clear('the reminder'),
      subject: clear('the subject, which names nobody'),
      at: clear('when it was made'),
    },
  },
} satisfies Partial<KeptTables>;
