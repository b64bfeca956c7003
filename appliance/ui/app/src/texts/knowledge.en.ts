/** What the part for the site's articles says. */

export const knowledge = {
  title: 'Knowledge',
  intro:
    'Advice rests on these articles and cites them; where none fits, it keeps silent. Small articles that answer one thing each are found best.',
  none: 'No articles yet. Until there are some, advice rests on the call alone and says so.',
  article: 'Article',
  passages: 'Passages',
  version: 'Version',
  changed: 'Changed',
  add: 'Add or change articles (Markdown, HTML, CSV)',
  done: (added: number, changed: number, removed: number) =>
    `${added} added, ${changed} changed, ${removed} removed.`,
  golden: (right: number, questions: number) =>
    `Of the golden set ${right} of ${questions} questions come out right.`,
  force: 'Do it all the same',
  remove: 'Remove',
  versions: 'Versions',
  close: 'Close',
  search: 'Try a search',
  searchHint: 'What a customer might say',
  tryIt: 'Try it',
  nothing: 'Nothing was found.',
  cited: 'would be cited',
  uncited: 'not likely enough',
  why: (sense: number, wording: number, name: number) =>
    `Sense ${sense}, wording ${wording}, name ${name}`,
};
