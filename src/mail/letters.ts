/** What goes by mail: the same words, as text and as HTML. */
export { confirmationLetter, type Letter, reminderLetter } from '../web/index.ts';
