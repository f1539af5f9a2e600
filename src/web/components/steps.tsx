import type { Translate } from '../i18n.ts';

const STEPS = ['words', 'account', 'receipt'] as const;
type Step = (typeof STEPS)[number];

/** Where on the way somebody is. */
export function JoinSteps({ at, t }: { at: Step; t: Translate }) {
  return (
    <ol class="steps" aria-label={t('steps.label')}>
      {STEPS.map((step) => (
        <li aria-current={step === at ? 'step' : undefined}>{t(`steps.${step}`)}</li>
      ))}
    </ol>
  );
}
