import { momentWords, sentence } from '../format.ts';
import { translator } from '../i18n.ts';
import type { MomentView } from '../views/campaign.ts';
import { type Letter, LetterLink, Paragraph, writeLetter } from './letter.tsx';

/** What both letters know. Neither names the campaign: a letter shows on locked screens, and others may read it. */
export interface ReminderLetterView {
  locale: string;
  moment: MomentView;
  /** Where the letter leads; a secret link. */
  link: string;
  eraseLink: string;
}

/** Asks whether the address is its owner's wish. */
export function confirmationLetter(view: ReminderLetterView): Letter {
  const t = translator(view.locale);
  const { date, time, zone } = momentWords(view.locale, view.moment);
  return writeLetter(
    view.locale,
    t('letter.confirm_subject', { time }),
    <>
      <Paragraph>{sentence(t('letter.confirm_text', { date, time, zone }))}</Paragraph>
      <LetterLink href={view.link}>{t('letter.confirm_link')}</LetterLink>
      <Paragraph>{t('letter.confirm_else')}</Paragraph>
      <LetterLink href={view.eraseLink}>{t('letter.erase_link')}</LetterLink>
    </>,
  );
}

/** The reminder itself. */
export function reminderLetter(view: ReminderLetterView): Letter {
  const t = translator(view.locale);
  const { time, zone } = momentWords(view.locale, view.moment);
  return writeLetter(
    view.locale,
    t('letter.reminder_subject', { time }),
    <>
      <Paragraph>{t('letter.reminder_text', { time, zone })}</Paragraph>
      <LetterLink href={view.link}>{t('letter.reminder_link')}</LetterLink>
      <Paragraph>{t('letter.reminder_erased')}</Paragraph>
      <LetterLink href={view.eraseLink}>{t('letter.erase_link')}</LetterLink>
    </>,
  );
}
