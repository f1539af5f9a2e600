import type { WhereProblem } from '../../domain/where.ts';
import type { Translate } from '../i18n.ts';
import type { AccountOption, AccountView } from '../join-views.ts';

interface WaysProps {
  view: AccountView;
  t: Translate;
}

/** More buttons than these are made smaller. */
const FEW = 2;

/** One button for each platform; those that have to be told something first stand below, each under its own field. */
export function JoinWays({ view, t }: WaysProps) {
  const options = view.options.filter(({ fits }) => fits);
  const tooLong = view.options.filter(({ fits }) => !fits);
  const several = options.length > 1;
  const asking = options.filter(({ asks }) => asks !== 'nothing');
  const plain = options.filter(({ asks }) => asks === 'nothing');
  return (
    <div class={options.length > FEW ? 'ways ways-many' : 'ways'}>
      {plain.length > 0 ? (
        <p class="buttons">
          {plain.map((option) => (
            <Button {...{ option, several, t }} />
          ))}
        </p>
      ) : null}
      {asking.map((option) => (
        <div class="way" data-way={option.platform}>
          <Where {...{ option, t }} />
          <Button {...{ option, several, t }} />
        </div>
      ))}
      {tooLong.map(({ label, length, limit }) => (
        <p class="way way-closed">
          {t('account.too_long', { platform: label, count: length - limit })}
        </p>
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
  const asked = open.some(({ asks }) => asks !== 'nothing');
  if (open.length < 2 || !asked) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nobody comes to it by Tab; hidden wholly, some browsers would pass it over
    <button class="unseen" type="submit" name="platform" value="" tabindex={-1} aria-hidden="true">
      {t('join.preview')}
    </button>
  );
}

function Button({ option, several, t }: { option: AccountOption; several: boolean; t: Translate }) {
  return (
    <button
      class="button button-join"
      type="submit"
      name={several ? 'platform' : undefined}
      value={several ? option.platform : undefined}
    >
      {t('join.button', { platform: option.label })}
    </button>
  );
}

function Where({ option, t }: { option: AccountOption; t: Translate }) {
  const { platform, label, asks, typed, problem } = option;
  if (asks === 'nothing') return null;
  const id = `where-${platform}`;
  return (
    <p class="field">
      <label for={id}>{t(`join.where.${asks}.label`, { platform: label })}</label>
      <input
        id={id}
        name={`where_${platform}`}
        type="text"
        value={typed}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-describedby={problem ? `${id}-problem ${id}-hint` : `${id}-hint`}
        aria-invalid={problem ? 'true' : undefined}
        autofocus={problem !== null}
      />
      {problem ? (
        <span class="field-problem" id={`${id}-problem`}>
          {t(`join.where.${asks}.${WORDS[problem]}`, { platform: label })}
        </span>
      ) : null}
      <span class="field-hint" id={`${id}-hint`}>
        {t(`join.where.${asks}.hint`, { platform: label })}
      </span>
    </p>
  );
}

/** The key of each problem's sentence. A key that ends in `_one` would be a plural. */
const WORDS = {
  malformed: 'malformed',
  not_found: 'not_found',
  private: 'private',
  not_one: 'wrong_kind',
  unreachable: 'unreachable',
  text_too_long: 'text_too_long',
} as const satisfies Record<WhereProblem, string>;
