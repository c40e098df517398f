// The shape of a sentence that people read, in both languages of the page.

/** One sentence, or a few short ones, in each language. */
export interface Texts {
  readonly en: string;
  readonly zh: string;
}

/** What a finding says whatever its evidence is. */
export interface FindingTexts {
  readonly cause: Texts;
  readonly cure: Texts;
}
