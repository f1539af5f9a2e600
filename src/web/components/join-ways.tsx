import type { LocatorProblem } from '../../domain/account-locator.ts';
import type { Translate } from '../i18n.ts';
import type { AccountOption, AccountView } from '../views/join.ts';
import { PlatformFacts } from './account-facts.tsx';
import { unfitWords } from './text-sheets.tsx';

interface WaysProps {
  view: AccountView;
  t: Translate;
}

/** More buttons than these are made smaller. */
const FEW = 2;

/** One button for each platform, and what it means; those that have to be told something first stand below, under a field. */
export function JoinWays({ view, t }: WaysProps) {
  const options = view.options.filter(({ fits }) => fits);
  const tooLong = view.options.filter(({ fits }) => !fits);
  const several = options.length > 1;
  // Those that ask nothing come first: Enter presses nothing by mistake, and the page begins with what is simple.
  const asking = options.filter(({ requires: asks }) => asks !== 'nothing');
  const plain = options.filter(({ requires: asks }) => asks === 'nothing');
  return (
    <div class={options.length > FEW ? 'ways ways-many' : 'ways'}>
      {[...plain, ...asking].map((option) => (
        <div class="way" data-way={option.platform}>
          <Where {...{ option, t }} />
          {option.requires === 'nothing' ? <More {...{ option, t }} /> : null}
          <Button {...{ view, option, several, t }} />
          <PlatformFacts {...{ option, t }} open={!several || option.more !== null} />
        </div>
      ))}
      {tooLong.map((option) => (
        <p class="way way-closed">{unfitWords(option, view.locale, t)}</p>
      ))}
    </div>
  );
}

/**
 * Enter in a field presses a form's first button, and that must not be another platform's. This one names none: the server
 * looks where something was typed.
 */
export function SilentButton({ view, t }: WaysProps) {
  const open = view.options.filter(({ fits }) => fits);
  const asked = open.some(({ requires: asks }) => asks !== 'nothing');
  if (open.length < 2 || !asked) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nobody comes to it by Tab; hidden wholly, some browsers would pass it over
    <button class="unseen" type="submit" name="platform" value="" tabindex={-1} aria-hidden="true">
      {t('join.preview')}
    </button>
  );
}

function Button({
  view,
  option,
  several,
  t,
}: WaysProps & { option: AccountOption; several: boolean }) {
  return (
    <button
      class="button button-join"
      type="submit"
      name={several ? 'platform' : undefined}
      value={several ? option.platform : undefined}
    >
      {view.again ? t('receipt.reconnect_button') : t('join.button', { platform: option.label })}
    </button>
  );
}

function Where({ option, t }: { option: AccountOption; t: Translate }) {
  const { platform, label, requires: asks, typed, isFixed, problem, guess, known } = option;
  if (asks === 'nothing') return null;
  const id = `where-${platform}`;
  const wrong = problem !== null || guess !== null;
  return (
    <div class="field">
      <label for={id}>{t(`join.where.${asks}.label`, { platform: label })}</label>
      <input
        id={id}
        name={`where_${platform}`}
        type="text"
        value={typed}
        readonly={isFixed}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        list={known.length > 0 ? `${id}-known` : undefined}
        aria-describedby={wrong ? `${id}-problem ${id}-hint` : `${id}-hint`}
        aria-invalid={wrong ? 'true' : undefined}
        autofocus={wrong}
      />
      <Known id={`${id}-known`} known={known} />
      {wrong ? (
        <p class="field-problem" id={`${id}-problem`}>
          {problem === null ? t('join.where.doubted') : problemWords(asks, problem, label, t)}
        </p>
      ) : null}
      <Guess {...{ option, t }} />
      <p class="field-hint" id={`${id}-hint`}>
        {t(`join.where.${asks}.hint`, { platform: label })}
      </p>
      <More {...{ option, t }} />
    </div>
  );
}

function Known({ id, known }: { id: string; known: readonly string[] }) {
  if (known.length === 0) return null;
  return (
    <datalist id={id}>
      {known.map((name) => (
        <option value={name} />
      ))}
    </datalist>
  );
}

/** Puts the guess into the field. Who meant what they typed joins once more, and is not asked again. */
function Guess({ option, t }: { option: AccountOption; t: Translate }) {
  const { platform, typed, problem, guess } = option;
  if (guess === null) return null;
  return (
    <>
      <button
        class="button button-quiet field-guess"
        type="submit"
        name={`take_${platform}`}
        value={guess}
      >
        {t('join.where.guess', { name: guess })}
      </button>
      {problem === null ? <input type="hidden" name={`sure_${platform}`} value={typed} /> : null}
    </>
  );
}

/** Names what a server wants beside the usual. Pressing the same button again agrees to it. */
function More({ option, t }: { option: AccountOption; t: Translate }) {
  const { platform, label, more } = option;
  if (more === null) return null;
  const { server, scope, agreement } = more;
  return (
    <>
      <p class="warning" role="alert" id={`where-${platform}-more`}>
        {server === ''
          ? t('account.asks_wider', { platform: label, scope })
          : t('join.where.asks_more', { server, scope })}
      </p>
      <input type="hidden" name={`agreed_${platform}`} value={agreement} />
    </>
  );
}

/** The sentence of a problem with what was typed: the same for servers and handles where it is a server's alone. */
function problemWords(
  asks: 'server' | 'handle',
  problem: LocatorProblem,
  platform: string,
  t: Translate,
): string {
  switch (problem) {
    case 'lookup_failed':
    case 'no_text_posts':
    case 'challenged':
    case 'other_name':
    case 'reads_markup':
      return t(`join.where.${problem}`);
    default:
      return t(`join.where.${asks}.${WORDS[problem]}`, { platform });
  }
}

/** The key of each problem's sentence. A key that ends in `_one` would be a plural. */
const WORDS = {
  malformed: 'malformed',
  not_found: 'not_found',
  private: 'private',
  not_one: 'wrong_kind',
  unreachable: 'unreachable',
  scope_unknown: 'scope_unknown',
  service_refused: 'service_refused',
  text_too_long: 'text_too_long',
} as const satisfies Record<
  Exclude<
    LocatorProblem,
    'lookup_failed' | 'no_text_posts' | 'challenged' | 'other_name' | 'reads_markup'
  >,
  string
>;
