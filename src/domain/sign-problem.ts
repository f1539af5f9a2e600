/** Why what was pasted is not the signed post; each has a sentence on the page for signing. `private_key` is never kept or shown. */
export type SignProblem =
  | 'not_json'
  | 'quotes'
  | 'no_event'
  | 'unsigned'
  | 'other_text'
  | 'other_tags'
  | 'other_time'
  | 'bad_signature'
  | 'private_key';
